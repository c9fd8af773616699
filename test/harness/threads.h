// SPDX-License-Identifier: BSD-3-Clause
// Runs a body with every kind of thread pool: none, and pools of 1, 2 and 5 threads.
#pragma once

#include <gtest/gtest.h>
#include <pthreadpool.h>

#include <memory>
#include <string>

namespace qnnp {
namespace test {

struct PoolDeleter {
  void operator()(pthreadpool_t pool) const { pthreadpool_destroy(pool); }
};
using Pool = std::unique_ptr<struct pthreadpool, PoolDeleter>;

template <class Body>
void for_each_pool(const Body& body) {
  static const Pool pools[] = {Pool(pthreadpool_create(1)), Pool(pthreadpool_create(2)),
                               Pool(pthreadpool_create(5))};
  body(static_cast<pthreadpool_t>(nullptr));
  for (const Pool& pool : pools) {
    SCOPED_TRACE(std::to_string(pthreadpool_get_threads_count(pool.get())) + " threads");
    body(pool.get());
  }
}

}  // namespace test
}  // namespace qnnp
