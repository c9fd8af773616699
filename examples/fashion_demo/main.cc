// SPDX-License-Identifier: BSD-3-Clause
//
// fashion_demo: classifies a whole test set of pictures (IDX files, as MNIST has them), shows some
// of them and prints the accuracy beside the float network's, and the speed.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "error.h"
#include "idx.h"
#include "model.h"
#include "network.h"
#include "picture.h"
#include "profile.h"
#include "progress.h"
#include "report.h"

namespace fashion_demo {
namespace {

using classify::Fail;
using classify::ShapeText;

constexpr int kExitFailure = 1, kExitUsage = 2;
constexpr size_t kShown = 6, kShownPerRow = 3;
constexpr const char* kProgram = "fashion_demo";

struct Options {
  std::string model, images, labels, names;
  std::optional<double> float_accuracy;
  size_t threads = 1, batch = 1;
};

std::optional<Options> ParseCommandLine(int argc, char** argv, int* exit_code) {
  Options options;
  CLI::App app("Classifies a test set with a quantized network and prints accuracy and speed.");
  app.add_option("MODEL", options.model, "network, a .tflite file")->required();
  app.add_option("IMAGES", options.images, "pictures, an IDX file, gzipped or not")->required();
  app.add_option("LABELS", options.labels, "their classes, an IDX file")->required();
  app.add_option("--float-accuracy", options.float_accuracy,
                 "accuracy in % that the float network has, to print beside this one's")
      ->check(CLI::Range(0.0, 100.0));
  app.add_option("--labels", options.names, "names of the classes, one a line");
  app.add_option("--threads", options.threads, "threads to compute with")
      ->check(CLI::Range(size_t{1}, size_t{256}))
      ->capture_default_str();
  app.add_option("--batch", options.batch, "pictures to compute at once")
      ->check(CLI::Range(size_t{1}, size_t{4096}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    *exit_code = EXIT_SUCCESS;
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s (--help explains)\n", kProgram, error.what());
    *exit_code = kExitUsage;
    return std::nullopt;
  }
  return options;
}

struct TestSet {
  IdxArray pictures, labels;

  size_t count() const { return pictures.shape[0]; }
  size_t picture_size() const { return pictures.shape[1] * pictures.shape[2]; }
};

TestSet LoadTestSet(const Options& options, const classify::Network& network) {
  TestSet set = {ReadIdx(options.images, 3), ReadIdx(options.labels, 1)};
  if (set.labels.shape[0] != set.count()) {
    Fail(options.images, " has ", set.count(), " pictures, ", options.labels, " ",
         set.labels.shape[0], " labels");
  }
  const classify::Model& model = network.model();
  const classify::Tensor& input = model.tensors[static_cast<size_t>(model.input)];
  const std::vector<size_t> expected = {1, set.pictures.shape[1], set.pictures.shape[2], 1};
  if (input.shape != expected) {
    Fail("the network takes ", ShapeText(input.shape), ", the pictures are ", ShapeText(expected));
  }
  // As classify: the pixel p of a photograph is p - 128 for an int8 network.
  if (input.type == classify::DataType::kInt8) {
    for (uint8_t& pixel : set.pictures.data) pixel ^= 0x80;
  }
  return set;
}

struct Results {
  std::vector<classify::Guess> answers;  // of each picture
  double microseconds = 0;               // of all runs of the network
  size_t runs = 0;
};

Results ClassifyAll(const TestSet& set, size_t batch, classify::Network* network) {
  Results results;
  classify::Progress progress(kProgram, "pictures", set.count());
  std::vector<uint8_t> input(batch * set.picture_size());
  for (size_t first = 0; first < set.count(); first += batch) {
    const size_t count = std::min(batch, set.count() - first);
    // A last batch that is not full computes some old pictures again.
    std::copy_n(&set.pictures.data[first * set.picture_size()], count * set.picture_size(),
                input.begin());
    results.microseconds += classify::MeasureRun(network, input.data(), 1, 0);
    results.runs++;
    for (size_t i = 0; i < count; i++) {
      results.answers.push_back(classify::BestGuesses(*network, 1, i)[0]);
    }
    progress.Show(first + count);
  }
  return results;
}

// Pictures spread over the set, and for the last one the first mistake: there should be one to see.
std::vector<size_t> ChooseShown(const TestSet& set, const Results& results) {
  std::vector<size_t> shown;
  for (size_t i = 0; i < std::min(kShown, set.count()); i++) {
    shown.push_back(i * set.count() / kShown);
  }
  for (size_t i = 0; i < set.count(); i++) {
    if (results.answers[i].index != set.labels.data[i]) {
      shown.back() = i;
      break;
    }
  }
  return shown;
}

std::string ShowPictures(const TestSet& set, const Results& results,
                         const std::vector<std::string>& names, bool is_signed) {
  const auto name = [&names](size_t label) {
    return label < names.size() ? classify::Printable(names[label]) : std::to_string(label);
  };
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  std::vector<TextPicture> pictures;
  for (size_t i : ChooseShown(set, results)) {
    const auto begin = set.pictures.data.begin() + static_cast<ptrdiff_t>(i * set.picture_size());
    std::vector<uint8_t> pixels(begin, begin + static_cast<ptrdiff_t>(set.picture_size()));
    if (is_signed) {
      for (uint8_t& pixel : pixels) pixel ^= 0x80;
    }
    pictures.push_back(
        DrawPicture(pixels.data(), set.pictures.shape[1], set.pictures.shape[2], is_terminal));
    const classify::Guess& answer = results.answers[i];
    const size_t truth = set.labels.data[i];
    char probability[32];
    std::snprintf(probability, sizeof(probability), " (%.2f)", answer.probability);
    pictures.back().caption = {name(answer.index) + probability,
                               answer.index == truth ? "right" : "wrong: " + name(truth)};
  }
  return ArrangePictures(pictures, kShownPerRow);
}

void Run(const Options& options) {
  const classify::Model model = classify::LoadModel(options.model);
  classify::Network network(model, options.threads, options.batch);
  const TestSet set = LoadTestSet(options, network);
  std::vector<std::string> names;
  if (!options.names.empty()) names = classify::LoadLabels(options.names, network.output_size());
  const Results results = ClassifyAll(set, options.batch, &network);

  const bool is_signed =
      model.tensors[static_cast<size_t>(model.input)].type == classify::DataType::kInt8;
  std::fputs(ShowPictures(set, results, names, is_signed).c_str(), stdout);
  size_t right = 0;
  for (size_t i = 0; i < set.count(); i++) right += results.answers[i].index == set.labels.data[i];
  const double accuracy = 100.0 * static_cast<double>(right) / static_cast<double>(set.count());
  std::printf("accuracy  %.2f %% (%zu of %zu)", accuracy, right, set.count());
  if (options.float_accuracy) std::printf(", float network %.2f %%", *options.float_accuracy);
  const double per_picture = results.microseconds / static_cast<double>(set.count());
  std::printf("\nspeed     %.0f pictures/s, %.1f us each\n", 1e6 / per_picture, per_picture);
  const double per_run = results.microseconds / static_cast<double>(results.runs);
  std::printf("          %s\n", classify::SpeedText(network, per_run).c_str());
  if (std::fflush(stdout) != 0) Fail("cannot write the results");
}

}  // namespace
}  // namespace fashion_demo

int main(int argc, char** argv) {
  int exit_code = EXIT_SUCCESS;
  try {
    const auto options = fashion_demo::ParseCommandLine(argc, argv, &exit_code);
    if (options.has_value()) fashion_demo::Run(*options);
  } catch (const classify::Error& error) {
    std::fprintf(stderr, "fashion_demo: %s\n", error.what());
    return fashion_demo::kExitFailure;
  } catch (const std::bad_alloc&) {
    std::fputs("fashion_demo: out of memory\n", stderr);
    return fashion_demo::kExitFailure;
  }
  return exit_code;
}
