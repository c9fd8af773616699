// SPDX-License-Identifier: BSD-3-Clause
// The main of every test program: each test starts with an initialized library; seed before, kernel
// matrix after, and a crash says which kernel was running.
#include <gtest/gtest.h>
#include <qnnpack.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness/kernel_matrix.h"
#include "harness/random.h"

// A sanitizer explains a crash better than the handler below.
#if defined(__SANITIZE_ADDRESS__)
#define QNNP_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define QNNP_TEST_SANITIZED 1
#endif
#endif

namespace qnnp {
namespace test {

uint64_t test_seed() {
  static const uint64_t seed = [] {
    const char* text = getenv("QNNP_TEST_SEED");
    return text == nullptr || text[0] == '\0' ? uint64_t{20181029} : strtoull(text, nullptr, 0);
  }();
  return seed;
}

std::string seed_message() { return "QNNP_TEST_SEED=" + std::to_string(test_seed()); }

namespace {

void write_text(const char* text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

// Only calls that a signal handler may make. Returning would run into the same instruction again,
// now with the default action.
[[maybe_unused]] void on_crash(int number) {
  write_text("crashed; the last kernel that was started: ");
  write_text(running_kernel());
  write_text("\n");
  signal(number, SIG_DFL);
}

class Listener : public ::testing::EmptyTestEventListener {
  void OnTestProgramStart(const ::testing::UnitTest&) override {
    printf("[ SEED     ] %s\n", seed_message().c_str());
  }
  void OnTestStart(const ::testing::TestInfo&) override {
    if (qnnp_initialize() != qnnp_status_success) {
      fprintf(stderr, "qnnp_initialize: %s\n", qnnp_get_last_error());
      exit(1);
    }
  }
  void OnTestProgramEnd(const ::testing::UnitTest&) override { print_kernel_matrix(); }
};

}  // namespace
}  // namespace test
}  // namespace qnnp

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::UnitTest::GetInstance()->listeners().Append(new qnnp::test::Listener);
#if !defined(QNNP_TEST_SANITIZED)
  for (int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE}) signal(number, qnnp::test::on_crash);
#endif
  return RUN_ALL_TESTS();
}
