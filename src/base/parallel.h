// SPDX-License-Identifier: BSD-3-Clause
// Work on the caller's thread pool. How work is cut: grid.h beside the operators.
#pragma once

#include <pthreadpool.h>

#include "base/common.h"

namespace qnnp {

inline size_t thread_count(pthreadpool_t pool) {
  return pool == nullptr ? 1 : pthreadpool_get_threads_count(pool);
}

// Calls task(i) for every i < count, on the pool or, when it is NULL, here. Returns when all are
// done.
template <class Task>
void parallel_for(pthreadpool_t pool, size_t count, const Task& task) {
  if (pool == nullptr || count <= 1) {
    for (size_t i = 0; i < count; i++) task(i);
    return;
  }
  const auto call = [](void* context, size_t i) { (*static_cast<const Task*>(context))(i); };
  pthreadpool_parallelize_1d(pool, call, const_cast<Task*>(&task), count, 0);
}

}  // namespace qnnp
