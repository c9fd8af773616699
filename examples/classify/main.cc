// SPDX-License-Identifier: BSD-3-Clause
//
// classify: runs a quantized TensorFlow Lite network on pictures and prints their best labels. This
// file is the command line; each step of the work is a header beside it.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "error.h"
#include "image.h"
#include "model.h"
#include "network.h"
#include "profile.h"
#include "progress.h"
#include "report.h"

namespace classify {
namespace {

constexpr int kExitFailure = 1, kExitUsage = 2;
constexpr size_t kMostThreads = 256;
constexpr size_t kRuns = 5;         // of each input, for the median time,
constexpr double kRunsUs = 20'000;  // as long as they do not take longer than this together

struct Options {
  std::string model, labels, raw, dump, pixels = "auto";
  std::vector<std::string> images;
  size_t top = 5, threads = 1;
  bool profile = false, json = false;
};

// Empty when there is nothing more to do, with the exit code in `exit_code`.
std::optional<Options> ParseCommandLine(int argc, char** argv, int* exit_code) {
  Options options;
  CLI::App app(
      "Classifies pictures with a quantized (uint8 or int8) TensorFlow Lite network.\n"
      "The environment variable QNNP_ISA lowers the instruction set that may be used.");
  app.add_option("MODEL", options.model, "network, a .tflite file")->required();
  app.add_option("IMAGE", options.images, "pictures: BMP, PNG or JPEG, of any size");
  app.add_option("--raw", options.raw,
                 "instead of pictures: a file with the input tensor's bytes, in the network's own\n"
                 "type; several inputs may follow one another");
  app.add_option("--pixels", options.pixels,
                 "how pictures for an int8 network are stored: unsigned = 0..255, as photographs\n"
                 "are; signed = their bytes are int8 already; auto = signed for a picture of\n"
                 "exactly the network's size, which is taken for a tensor, else unsigned")
      ->check(CLI::IsMember({"auto", "unsigned", "signed"}))
      ->type_name("KIND")
      ->capture_default_str();
  app.add_option("--labels", options.labels, "names of the classes, one a line");
  app.add_option("--top", options.top, "how many classes to print")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--threads", options.threads, "threads to compute with")
      ->check(CLI::Range(size_t{1}, kMostThreads))
      ->type_name("N")
      ->capture_default_str();
  app.add_flag("--profile", options.profile,
               "add a table of the layers: kernels, times, share of the machine's peak (with\n"
               "--json it goes to stderr)");
  app.add_flag("--json", options.json, "print one JSON object a line for each input");
  app.add_option("--dump", options.dump,
                 "write each operator's output tensor to FOLDER/<tensor>.bin, for one input")
      ->type_name("FOLDER");
  app.footer("Operators: " + OperatorNames() + ".");
  try {
    app.parse(argc, argv);
    if (options.images.empty() == options.raw.empty()) {
      throw CLI::ValidationError("give either pictures or --raw FILE");
    }
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    *exit_code = EXIT_SUCCESS;
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "classify: %s (--help explains)\n", error.what());
    *exit_code = kExitUsage;
    return std::nullopt;
  }
  return options;
}

// The inputs of one call: pictures are read one at a time, a raw file at once.
class Inputs {
 public:
  Inputs(const Options& options, const Tensor& tensor) : options_(options), tensor_(tensor) {
    if (options.raw.empty()) {
      if (tensor.shape.size() != 4 || SizeOf(tensor.type) != 1) {
        Fail("the network's input is ", tensor.type_name, " ", ShapeText(tensor.shape),
             ", not a picture; give --raw");
      }
      return;
    }
    raw_ = ReadFile(options.raw);
    if (raw_.empty() || raw_.size() % tensor.bytes() != 0) {
      Fail(options.raw, " holds ", raw_.size(), " bytes; the network's input ",
           ShapeText(tensor.shape), " takes ", tensor.bytes(),
           ", or a multiple for several inputs");
    }
  }

  size_t count() const {
    return raw_.empty() ? options_.images.size() : raw_.size() / tensor_.bytes();
  }

  std::string Name(size_t i) const {
    if (raw_.empty()) return options_.images[i];
    return count() == 1 ? options_.raw : Concat(options_.raw, "#", i);
  }

  // In the network's own type. The pixel p of a photograph is p for uint8 and p - 128 for int8.
  std::vector<uint8_t> Read(size_t i) const {
    if (!raw_.empty()) {
      const auto begin = raw_.begin() + static_cast<ptrdiff_t>(i * tensor_.bytes());
      return {begin, begin + static_cast<ptrdiff_t>(tensor_.bytes())};
    }
    const Image picture = LoadImage(options_.images[i], tensor_.shape[3]);
    Image image = Resize(picture, tensor_.shape[1], tensor_.shape[2]);
    const bool is_tensor = picture.height == image.height && picture.width == image.width;
    const bool is_signed = options_.pixels == "auto" ? is_tensor : options_.pixels == "signed";
    if (tensor_.type == DataType::kInt8 && !is_signed) {
      for (uint8_t& pixel : image.pixels) pixel ^= 0x80;
    }
    return std::move(image.pixels);
  }

 private:
  const Options& options_;
  const Tensor& tensor_;
  std::vector<uint8_t> raw_;
};

void WriteFile(const std::filesystem::path& path, const std::vector<uint8_t>& bytes) {
  FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) Fail("cannot write ", path.string());
  const size_t written = std::fwrite(bytes.data(), 1, bytes.size(), file);
  if (std::fclose(file) != 0 || written != bytes.size()) Fail("cannot write ", path.string());
}

void Dump(const std::filesystem::path& folder, const std::vector<uint8_t>& input,
          Network* network) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) Fail("cannot make the folder ", folder.string(), ": ", error.message());
  network->SetInput(input.data());
  for (size_t i = 0; i < network->layers().size(); i++) {
    network->RunLayer(i);
    const int tensor = network->layers()[i].output;
    WriteFile(folder / Concat(tensor, ".bin"), network->TensorBytes(tensor));
  }
}

void Run(const Options& options) {
  const Model model = LoadModel(options.model);
  Network network(model, options.threads);
  std::vector<std::string> labels;
  if (!options.labels.empty()) labels = LoadLabels(options.labels, network.output_size());
  const Inputs inputs(options, model.tensors[static_cast<size_t>(model.input)]);
  if (!options.dump.empty() && inputs.count() != 1) {
    Fail("--dump takes one input, not ", inputs.count());
  }
  Progress progress("classify", "inputs", inputs.count());
  for (size_t i = 0; i < inputs.count(); i++) {
    const std::vector<uint8_t> input = inputs.Read(i);
    if (!options.dump.empty()) Dump(options.dump, input, &network);
    Result result;
    result.input = inputs.Name(i);
    result.microseconds = MeasureRun(&network, input.data(), kRuns, kRunsUs);
    result.guesses = BestGuesses(network, options.top);
    progress.Clear();
    std::fputs((options.json ? JsonReport : TextReport)(result, labels).c_str(), stdout);
    progress.Show(i + 1);
  }
  progress.Clear();
  if (options.profile) {
    const Profile profile = MeasureProfile(&network, inputs.Read(0).data());
    std::fflush(stdout);
    std::fputs(ProfileTable(network, profile).c_str(), options.json ? stderr : stdout);
  }
  if (std::fflush(stdout) != 0) Fail("cannot write the results");
}

}  // namespace
}  // namespace classify

int main(int argc, char** argv) {
  int exit_code = EXIT_SUCCESS;
  try {
    const auto options = classify::ParseCommandLine(argc, argv, &exit_code);
    if (options.has_value()) classify::Run(*options);
  } catch (const classify::Error& error) {
    std::fprintf(stderr, "classify: %s\n", error.what());
    return classify::kExitFailure;
  } catch (const std::bad_alloc&) {
    std::fputs("classify: out of memory\n", stderr);
    return classify::kExitFailure;
  }
  return exit_code;
}
