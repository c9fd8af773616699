// SPDX-License-Identifier: BSD-3-Clause
// Life of the library: initialize and deinitialize, QNNP_ISA, errors per thread, the allocator,
// NULL handles, and what a run may not do.
#include <gtest/gtest.h>
#include <qnnpack.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "harness/failing_allocator.h"
#include "harness/isa.h"
#include "harness/threads.h"

namespace qnnp {
namespace test {
namespace {

constexpr enum qnnp_status kSuccess = qnnp_status_success;
constexpr enum qnnp_status kInvalid = qnnp_status_invalid_parameter;

// out = clamp(a0 + a1 + 1, 0, 255) of two bytes.
enum qnnp_status create_sum(qnnp_operator_t* op) {
  const uint8_t kernel[] = {1, 1};
  const int32_t bias = 1;
  return qnnp_create_fully_connected_nc_q8(2, 1, 0, 1.0f, 0, 1.0f, kernel, &bias, 0, 1.0f, 0, 255,
                                           0, op);
}

const uint8_t kInput[] = {20, 30};

bool error_has(const std::string& text) {
  return std::string(qnnp_get_last_error()).find(text) != std::string::npos;
}

// QNNP_ISA is `value` while this lives (nothing is initialized again).
class IsaVariable {
 public:
  explicit IsaVariable(const char* value) {
    const char* before = getenv("QNNP_ISA");
    if (before != nullptr) before_ = before;
    setenv("QNNP_ISA", value, 1);
  }
  ~IsaVariable() {
    if (before_.empty()) {
      unsetenv("QNNP_ISA");
    } else {
      setenv("QNNP_ISA", before_.c_str(), 1);
    }
    EXPECT_EQ(kSuccess, qnnp_initialize());
  }
  IsaVariable(const IsaVariable&) = delete;
  IsaVariable& operator=(const IsaVariable&) = delete;

 private:
  std::string before_;
};

TEST(Library, InitializeTwiceAndDeinitialize) {
  EXPECT_EQ(kSuccess, qnnp_initialize());
  EXPECT_EQ(kSuccess, qnnp_initialize());
  EXPECT_EQ(kSuccess, qnnp_deinitialize());  // once is enough
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_uninitialized, create_sum(&op));
  EXPECT_EQ(nullptr, op);
  EXPECT_TRUE(error_has("qnnp_initialize"));
  EXPECT_EQ(kSuccess, qnnp_deinitialize());  // harmless
  EXPECT_EQ(kSuccess, qnnp_initialize());
  EXPECT_EQ(kSuccess, create_sum(&op));
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
}

TEST(Library, EveryCreateNeedsInitialize) {
  ASSERT_EQ(kSuccess, qnnp_deinitialize());
  int object = 0;
  const auto expect = [&](const auto& create) {
    qnnp_operator_t op = reinterpret_cast<qnnp_operator_t>(&object);
    EXPECT_EQ(qnnp_status_uninitialized, create(&op));
    EXPECT_EQ(nullptr, op);
    EXPECT_EQ(qnnp_status_uninitialized, create(static_cast<qnnp_operator_t*>(nullptr)));
  };
  expect([](qnnp_operator_t* op) {
    return qnnp_create_add_nc_q8(5, 0, 1.0f, 0, 1.0f, 0, 1.0f, 0, 255, 0, op);
  });
  expect([](qnnp_operator_t* op) { return qnnp_create_clamp_nc_u8(5, 0, 255, 0, op); });
  expect([](qnnp_operator_t* op) { return qnnp_create_softargmax_nc_q8(5, 1, 0, 0x1p-8f, 0, op); });
  expect([](qnnp_operator_t* op) {
    return qnnp_create_global_average_pooling_nwc_q8(5, 0, 1.0f, 0, 1.0f, 0, 255, 0, op);
  });
  expect([](qnnp_operator_t* op) {
    return qnnp_create_average_pooling2d_nhwc_q8(0, 0, 0, 0, 2, 2, 1, 1, 5, 0, 1.0f, 0, 1.0f, 0,
                                                 255, 0, op);
  });
  expect(create_sum);
}

TEST(Library, OperatorsLiveOnAfterDeinitialize) {
  qnnp_operator_t op = nullptr;
  ASSERT_EQ(kSuccess, create_sum(&op));
  uint8_t output = 0;
  ASSERT_EQ(kSuccess, qnnp_setup_fully_connected_nc_q8(op, 1, kInput, 2, &output, 1));
  ASSERT_EQ(kSuccess, qnnp_deinitialize());
  for_each_pool([&](pthreadpool_t pool) {
    output = 0;
    EXPECT_EQ(kSuccess, qnnp_run_operator(op, pool));
    EXPECT_EQ(51, output);
  });
  EXPECT_EQ(qnnp_status_uninitialized,
            qnnp_setup_fully_connected_nc_q8(op, 1, kInput, 2, &output, 1));
  qnnp_operator_t copy = op;
  EXPECT_EQ(qnnp_status_uninitialized, qnnp_clone_operator(op, &copy));
  EXPECT_EQ(nullptr, copy);
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  EXPECT_EQ(kSuccess, qnnp_describe_operator(op, &info));
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
}

TEST(Library, AnUnknownInstructionSet) {
  const IsaVariable variable("avx1024");
  ASSERT_EQ(kSuccess, qnnp_deinitialize());
  EXPECT_EQ(kInvalid, qnnp_initialize());
  EXPECT_TRUE(error_has("QNNP_ISA") && error_has("avx1024")) << qnnp_get_last_error();
  for (Isa isa : all_isas()) EXPECT_TRUE(error_has(isa_name(isa))) << qnnp_get_last_error();
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(qnnp_status_uninitialized, create_sum(&op));
}

TEST(Library, AnInstructionSetThatThisProcessorLacks) {
  size_t lacking = 0;
  for (Isa isa : all_isas()) {
    if (cpu_has(isa)) continue;
    lacking++;
    const IsaVariable variable(isa_name(isa));
    ASSERT_EQ(kSuccess, qnnp_deinitialize());
    EXPECT_EQ(qnnp_status_unsupported_hardware, qnnp_initialize());
    EXPECT_TRUE(error_has("QNNP_ISA") && error_has(isa_name(isa))) << qnnp_get_last_error();
    qnnp_operator_t op = nullptr;
    EXPECT_EQ(qnnp_status_uninitialized, create_sum(&op));
  }
  EXPECT_NE(0u, lacking) << "no processor has the instruction sets of x86 and of Arm";
}

TEST(Library, StrangeValuesOfTheVariable) {
  const std::string long_name(100000, 'x');
  for (const std::string& name : {std::string("AVX2"), std::string("avx2 "), std::string("%s%n"),
                                  std::string("scalar,avx2"), long_name}) {
    const IsaVariable variable(name.c_str());
    EXPECT_EQ(kInvalid, qnnp_initialize());
    EXPECT_TRUE(error_has("QNNP_ISA") && error_has("scalar"));
  }
  const IsaVariable variable("");
  EXPECT_EQ(kSuccess, qnnp_initialize()) << "empty is as good as unset";
}

TEST(Library, NullHandles) {
  EXPECT_EQ(kInvalid, qnnp_run_operator(nullptr, nullptr));
  EXPECT_TRUE(error_has("operator") && error_has("NULL"));
  EXPECT_EQ(kInvalid, qnnp_delete_operator(nullptr));
  EXPECT_TRUE(error_has("operator") && error_has("NULL"));
  qnnp_operator_info info = {};
  info.struct_size = sizeof(info);
  EXPECT_EQ(kInvalid, qnnp_describe_operator(nullptr, &info));
  EXPECT_TRUE(error_has("operator") && error_has("NULL"));
  qnnp_operator_t op = nullptr;
  ASSERT_EQ(kSuccess, create_sum(&op));
  EXPECT_EQ(kInvalid, qnnp_describe_operator(op, nullptr));
  EXPECT_TRUE(error_has("info") && error_has("NULL"));
  EXPECT_EQ(kInvalid, qnnp_clone_operator(op, nullptr));
  EXPECT_TRUE(error_has("clone_out") && error_has("NULL"));
  qnnp_operator_t copy = op;
  EXPECT_EQ(kInvalid, qnnp_clone_operator(nullptr, &copy));
  EXPECT_EQ(nullptr, copy);
  for (size_t size : {size_t{0}, sizeof(info) - 1, sizeof(info) + 1, SIZE_MAX}) {
    info.struct_size = size;
    EXPECT_EQ(kInvalid, qnnp_describe_operator(op, &info));
    EXPECT_TRUE(error_has("struct_size") && error_has(std::to_string(size)));
    EXPECT_EQ(size, info.struct_size);
  }
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
}

TEST(Library, RunBeforeSetup) {
  qnnp_operator_t op = nullptr;
  ASSERT_EQ(kSuccess, create_sum(&op));
  EXPECT_EQ(kInvalid, qnnp_run_operator(op, nullptr));
  EXPECT_TRUE(error_has("set up")) << qnnp_get_last_error();
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
}

TEST(Library, InitializeFromManyThreads) {
  for (int round = 0; round < 20; round++) {
    ASSERT_EQ(kSuccess, qnnp_deinitialize());
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) {
      threads.emplace_back([&wrong] {
        for (int j = 0; j < 10; j++) {
          qnnp_operator_t op = nullptr;
          uint8_t output = 0;
          if (qnnp_initialize() != kSuccess || create_sum(&op) != kSuccess ||
              qnnp_setup_fully_connected_nc_q8(op, 1, kInput, 2, &output, 1) != kSuccess ||
              qnnp_run_operator(op, nullptr) != kSuccess || output != 51 ||
              qnnp_delete_operator(op) != kSuccess) {
            wrong++;
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(0, wrong);
  }
}

TEST(Library, TheLastErrorIsOfTheThread) {
  EXPECT_EQ(kInvalid, qnnp_delete_operator(nullptr));
  const char* mine = qnnp_get_last_error();
  const std::string before = mine;
  std::thread other([&] {
    EXPECT_NE(nullptr, qnnp_get_last_error());
    EXPECT_NE(before, qnnp_get_last_error()) << "a new thread has not failed yet";
    qnnp_operator_t op = nullptr;
    EXPECT_EQ(kInvalid, qnnp_create_clamp_nc_u8(0, 0, 255, 0, &op));
    EXPECT_TRUE(error_has("channels"));
  });
  other.join();
  EXPECT_EQ(before, qnnp_get_last_error());
  // A call that succeeds leaves the sentence.
  EXPECT_EQ(kSuccess, qnnp_initialize());
  EXPECT_EQ(before, qnnp_get_last_error());
}

TEST(Library, AllocatorsComeInPairs) {
  const auto allocate = [](void*, size_t, size_t) -> void* { return nullptr; };
  const auto deallocate = [](void*, void*) {};
  EXPECT_EQ(kInvalid, qnnp_set_allocator(allocate, nullptr, nullptr));
  EXPECT_TRUE(error_has("deallocate") && error_has("NULL"));
  EXPECT_EQ(kInvalid, qnnp_set_allocator(nullptr, deallocate, nullptr));
  EXPECT_TRUE(error_has("allocate") && error_has("NULL"));
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(kSuccess, create_sum(&op)) << "refused allocators are not used";
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
}

// Memory goes back through the pair it came from, whichever is current by then.
TEST(Library, MemoryFindsItsAllocator) {
  qnnp_operator_t before = nullptr, during = nullptr;
  ASSERT_EQ(kSuccess, create_sum(&before));
  {
    FailingAllocator allocator(0);
    ASSERT_EQ(kSuccess, create_sum(&during));
    const size_t live = allocator.live();
    EXPECT_GT(live, 0u);
    EXPECT_EQ(kSuccess, qnnp_delete_operator(before));
    EXPECT_EQ(live, allocator.live());
    ASSERT_EQ(kSuccess, qnnp_set_allocator(nullptr, nullptr, nullptr));
    ASSERT_EQ(kSuccess, create_sum(&before));
    EXPECT_EQ(live, allocator.live());
    EXPECT_EQ(kSuccess, qnnp_delete_operator(during));
    EXPECT_EQ(0u, allocator.live());
  }
  EXPECT_EQ(kSuccess, qnnp_delete_operator(before));
}

// What an allocator is asked for, and that its context arrives.
TEST(Library, AllocatorContract) {
  struct Seen {
    size_t calls = 0, bad = 0;
  } seen;
  const auto allocate = [](void* context, size_t alignment, size_t size) -> void* {
    Seen& s = *static_cast<Seen*>(context);
    s.calls++;
    const bool power = alignment >= sizeof(void*) && (alignment & (alignment - 1)) == 0;
    if (!power || size == 0) s.bad++;
    void* memory = nullptr;
    return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
  };
  ASSERT_EQ(kSuccess, qnnp_set_allocator(
                          allocate, [](void*, void* memory) { free(memory); }, &seen));
  qnnp_operator_t op = nullptr;
  EXPECT_EQ(kSuccess, create_sum(&op));
  EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
  EXPECT_EQ(kSuccess, qnnp_set_allocator(nullptr, nullptr, nullptr));
  EXPECT_GT(seen.calls, 0u);
  EXPECT_EQ(0u, seen.bad);
}

enum qnnp_status create_square(uint32_t size, uint32_t groups, qnnp_operator_t* op) {
  static const uint8_t kKernel[3 * 3 * 64 * 64] = {};
  return qnnp_create_convolution2d_nhwc_q8(0, 0, 0, 0, size, size, 1, 1, 1, 1, groups, 64 / groups,
                                           64 / groups, 0, 1.0f, 0, 1.0f, kKernel, nullptr, 0, 1.0f,
                                           0, 255, 0, op);
}

// Neither setup nor run of a convolution or a fully connected operator allocates, at any size and
// on any pool.
TEST(Library, RunAllocatesNothing) {
  std::vector<uint8_t> input(11 * 11 * 64), output(11 * 11 * 64);
  for_each_isa([&] {
    FailingAllocator allocator(0);
    for (uint32_t size : {1u, 3u}) {
      for (uint32_t groups : {1u, 64u}) {
        qnnp_operator_t op = nullptr;
        ASSERT_EQ(kSuccess, create_square(size, groups, &op));
        const size_t calls = allocator.calls();
        for (size_t pixels : {3, 11, 5}) {
          ASSERT_EQ(kSuccess, qnnp_setup_convolution2d_nhwc_q8(op, 1, pixels, pixels, input.data(),
                                                               64, output.data(), 64, nullptr));
          for_each_pool(
              [&](pthreadpool_t pool) { EXPECT_EQ(kSuccess, qnnp_run_operator(op, pool)); });
        }
        EXPECT_EQ(calls, allocator.calls());
        EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
      }
    }
    qnnp_operator_t op = nullptr;
    uint8_t result = 0;
    ASSERT_EQ(kSuccess, create_sum(&op));
    const size_t calls = allocator.calls();
    ASSERT_EQ(kSuccess, qnnp_setup_fully_connected_nc_q8(op, 1, kInput, 2, &result, 1));
    ASSERT_EQ(kSuccess, qnnp_run_operator(op, nullptr));
    EXPECT_EQ(calls, allocator.calls());
    EXPECT_EQ(kSuccess, qnnp_delete_operator(op));
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
