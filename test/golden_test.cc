// SPDX-License-Identifier: BSD-3-Clause
// What every operator of the benchmarks and the networks of bench/networks.cc compute, as hashes
// that the scalar kernels made (test/golden/operators.inc): the same on every processor.
#include "golden/golden.h"

#include "cases.h"
#include "chain.h"

namespace qnnp {
namespace test {
namespace {

const GoldenTable kTable = {
#define QNNP_GOLDEN(name, hash) {name, hash},
#include "golden/operators.inc"
#undef QNNP_GOLDEN
};

constexpr size_t kLargest = 1500000;  // bytes of a case: of each operator there are smaller ones

TEST(Golden, Operators) {
  std::map<std::string, bench::Case> cases;
  std::vector<std::string> names;
  for (const auto& group : {bench::elementwise_cases(), bench::movement_cases(),
                            bench::pooling_cases(), bench::weights_cases()}) {
    for (const bench::Case& c : group) {
      if (c.input_bytes + c.output_bytes > kLargest) continue;
      ASSERT_TRUE(cases.emplace(c.name, c).second) << c.name << " is there twice";
      names.push_back(c.name);
    }
  }
  expect_golden(names, kTable, [&](const std::string& name) {
    Hash hash;
    hash.add(bench::computed(cases.at(name)));
    return hash.value();
  });
}

struct TypedNetwork {
  bench::WholeNetwork network;
  bench::Types types;
};

TEST(Golden, Networks) {
  std::map<std::string, TypedNetwork> networks;
  std::vector<std::string> names;
  for (const bench::WholeNetwork& network : bench::whole_networks()) {
    if (network.name == std::string("resnet50") || network.name == std::string("xception")) {
      continue;  // ten times the others' multiplications
    }
    for (const bench::Types types : {bench::Types::uint8, bench::Types::int8}) {
      names.push_back(std::string(network.name) + "/" + bench::name_of(types));
      networks[names.back()] = {network, types};
    }
  }
  expect_golden(names, kTable, [&](const std::string& name) {
    const TypedNetwork& typed = networks.at(name);
    bench::Chain chain(typed.types);
    typed.network.build(chain);
    chain.run(nullptr);
    Hash hash;
    for (const bench::Bytes& tensor : chain.tensors()) hash.add(tensor);
    return hash.value();
  });
}

}  // namespace
}  // namespace test
}  // namespace qnnp
