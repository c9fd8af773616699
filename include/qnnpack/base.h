/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Status, types of elements, the library's life and what every operator can do. Included by
 * qnnpack.h. */
#pragma once

#include <pthreadpool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define QNNP_API
#else
#define QNNP_API __attribute__((visibility("default")))
#endif

/* In C++ an enumeration holds any int, as in C: a wrong value is refused, not undefined. */
#if defined(__cplusplus)
#define QNNP_INT_ENUM : int
#else
#define QNNP_INT_ENUM
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum qnnp_status QNNP_INT_ENUM {
  qnnp_status_success = 0,
  qnnp_status_uninitialized = 1,     /* qnnp_initialize has not succeeded */
  qnnp_status_invalid_parameter = 2, /* a parameter breaks a rule of its function */
  qnnp_status_unsupported_parameter =
      3, /* valid, but this library cannot do it exactly (overflowing sizes or accumulators) */
  qnnp_status_unsupported_hardware =
      4, /* the processor lacks what the build, or QNNP_ISA, asks for */
  qnnp_status_out_of_memory = 5,
};

typedef struct qnnp_operator* qnnp_operator_t;

/* Type of a tensor's elements. Descriptions name the types that their operator takes; 0 is uint8. */
enum qnnp_datatype QNNP_INT_ENUM {
  qnnp_datatype_uint8 = 0,
  qnnp_datatype_int8 = 1,
  qnnp_datatype_int32 = 2,
  qnnp_datatype_float32 = 3,
  qnnp_datatype_float16 = 4, /* IEEE binary16, as uint16_t */
  qnnp_datatype_int64 = 5,
};

/* ---- Library --------------------------------------------------------------------------------- */

/* Detects the processor. The environment variable QNNP_ISA (scalar, sse41, avx2, avxvnni,
 * vnni256, avx512bw, avx512vnni, avx512vbmi, neon, neondot, neoni8mm) lowers the best instruction
 * set that may be used; results do not depend on it. May be called again, from any thread. Errors:
 * invalid_parameter for an unknown name, unsupported_hardware for a name that this processor cannot
 * run, or for a 32-bit Arm processor without NEON; what was initialized before stays. */
QNNP_API enum qnnp_status qnnp_initialize(void);

/* After this, create and setup answer uninitialized until the next qnnp_initialize. Existing
 * operators can still be run and deleted. */
QNNP_API enum qnnp_status qnnp_deinitialize(void);

/* The sentence of the calling thread's last failed call: parameter, value, rule. Never NULL; valid
 * until the thread's next failure. */
QNNP_API const char* qnnp_get_last_error(void);

/* Replaces the allocator of everything that is created afterwards (NULL, NULL, NULL: the default
 * again). allocate returns memory aligned to `alignment` (a power of two, at least sizeof(void*))
 * or NULL; deallocate gets what allocate gave. Memory is returned through the pair it came from.
 * Errors: invalid_parameter when only one of the two functions is given. Not to be called while
 * other calls are under way. */
QNNP_API enum qnnp_status qnnp_set_allocator(void* (*allocate)(void* context, size_t alignment,
                                                               size_t size),
                                             void (*deallocate)(void* context, void* memory),
                                             void* context);

/* ---- Every operator -------------------------------------------------------------------------- */

/* Computes. Errors: invalid_parameter for NULL or an operator that was never set up. Reads its
 * buffers anew at every run. */
QNNP_API enum qnnp_status qnnp_run_operator(qnnp_operator_t op, pthreadpool_t threadpool);

/* Frees an operator; packed weights go with the last handle that shares them. Errors:
 * invalid_parameter for NULL. */
QNNP_API enum qnnp_status qnnp_delete_operator(qnnp_operator_t op);

/* A second handle with the same immutable weights and a binding of its own (not yet set up).
 * Errors: uninitialized, invalid_parameter for NULL, out_of_memory. */
QNNP_API enum qnnp_status qnnp_clone_operator(qnnp_operator_t op, qnnp_operator_t* clone_out);

/* What an operator chose and what one run costs. Set struct_size to sizeof(struct
 * qnnp_operator_info) before the call. */
struct qnnp_operator_info {
  size_t struct_size;
  const char* type;   /* "convolution2d_nhwc_q8", ... */
  const char* kernel; /* row of the kernel table: "q8conv 3x16__avx2" */
  const char* reason; /* why this kernel, in a few words; of tiles also their estimated cost */
  uint64_t macs; /* multiply-accumulates of one run as bound by setup, 0 before setup or where there
                    are none */
  uint64_t weight_bytes; /* packed weights, shared by clones */
  uint64_t input_bytes;  /* bytes of input and output tensors of one run, 0 before setup */
  uint64_t output_bytes;
  uint32_t tile_rows; /* mr, nr of the kernel's tile of accumulators; 0 where it has none */
  uint32_t tile_columns;
  double arithmetic_intensity; /* operations per byte of weights, input and output: 2 * macs over
                                  the sum of the three; 0 where macs is 0 */
};
/* Errors: invalid_parameter for NULL or a struct_size of no known version. */
QNNP_API enum qnnp_status qnnp_describe_operator(qnnp_operator_t op,
                                                 struct qnnp_operator_info* info);

#ifdef __cplusplus
} /* extern "C" */
#endif
