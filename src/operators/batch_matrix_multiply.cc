// SPDX-License-Identifier: BSD-3-Clause
#include "operators/batch_matrix_multiply.h"

#include "operators/grid.h"
#include "operators/typed.h"
#include "operators/weights.h"

namespace qnnp {
namespace {

using Desc = qnnp_batch_matrix_multiply_desc;

constexpr size_t kMostColumns = 256;  // of a block: TileFormat::nr is a byte

// b takes the place of weights: it is packed at the start of every run, into memory of setup.
struct BatchMatrixMultiply : Operator {
  BatchMatrixMultiply(const WeightProblem& numbers, float multiplier, bool transposed)
      : Operator(OperatorType::batch_matrix_multiply),
        problem(numbers),
        output(numbers.output_params()),
        transpose_b(transposed) {
    for (float& scale : scales) scale = multiplier;
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override {
    return new BatchMatrixMultiply(problem, scales[0], transpose_b);
  }
  void describe(qnnp_operator_info* info) const override;
  Status bind(const MatrixBinding& to);
  void pack(size_t matrix, size_t block) const;
  void multiply(size_t matrix, size_t row, size_t rows, size_t block, size_t blocks) const;

  const WeightProblem problem;  // without weights
  const OutputParams output;
  const bool transpose_b;
  float scales[kMostColumns];
  MatrixBinding t = {};
  const GemmKernel* kernel = nullptr;
  PackShape shape = {};
  size_t block_bytes = 0;
  Buffer* packed = nullptr;
  char name[48] = "q8gemm", reason[96] = "setup chooses: it knows the sizes";

  ~BatchMatrixMultiply() override { delete packed; }
};

// Reads every column of the block, and cannot fail: setup has proved that no sum overflows.
void BatchMatrixMultiply::pack(size_t matrix, size_t block) const {
  const size_t first = block * shape.format.nr;
  const uint8_t* b = t.b + matrix * (transpose_b ? t.n : t.k) * t.b_stride;
  const size_t column_stride = transpose_b ? t.b_stride : 1;
  const PackShape part = {shape.format, min<size_t>(shape.format.nr, t.n - first), 1, t.k};
  const WeightSource source = {b + first * column_stride,
                               nullptr,
                               scales,
                               problem.input_zero_point,
                               problem.kernel_zero_point,
                               first,
                               problem.kernel_flip,
                               transpose_b ? 1 : t.b_stride,
                               column_stride};
  static_cast<void>(
      pack_weights(part, source, packed->data() + (matrix * shape.blocks() + block) * block_bytes));
}

void BatchMatrixMultiply::multiply(size_t matrix, size_t row, size_t rows, size_t block,
                                   size_t blocks) const {
  const size_t first = block * shape.format.nr, c_bytes = element_bytes(output.kind);
  const Panel panel = {packed->data() + (matrix * shape.blocks() + block) * block_bytes,
                       block_bytes,
                       min(blocks * shape.format.nr, t.n - first),
                       t.c + ((matrix * t.m + row) * t.c_stride + first) * c_bytes,
                       t.c_stride * c_bytes,
                       row_sum_factor(shape.format.code, problem.kernel_zero_point),
                       output};
  kernel->run({panel, rows, t.a + (matrix * t.m + row) * t.a_stride, t.a_stride, t.k},
              problem.input_flip != 0);
}

void BatchMatrixMultiply::run(pthreadpool_t pool) const {
  const size_t blocks = shape.blocks();
  parallel_for(pool, t.batch_size * blocks,
               [&](size_t task) { pack(task / blocks, task % blocks); });
  const Grid grid = make_grid(t.batch_size, t.m, blocks, shape.format.mr, shape.format.nr * t.k,
                              thread_count(pool));
  parallel_for(pool, grid.tasks(), [&](size_t index) {
    const Grid::Task part = grid.task(index);
    grid.for_each_call(part, [&](size_t row, size_t rows) {
      multiply(part.job, row, rows, part.block, part.blocks);
    });
  });
}

void BatchMatrixMultiply::describe(qnnp_operator_info* info) const {
  describe_tile(name, reason, shape.format, info);
  if (state != State::bound) return;
  const uint64_t batch = t.batch_size;
  info->input_bytes = batch * (uint64_t{t.m} * t.k + uint64_t{t.k} * t.n);
  info->output_bytes = batch * t.m * t.n * element_bytes(output.kind);
  info->macs = batch * t.m * t.n * t.k;
}

Status check_matrices(const MatrixBinding& t, bool transpose_b, size_t c_bytes) {
  QNNP_TRY(check_nonzero(t.m, "m"));
  QNNP_TRY(check_nonzero(t.k, "k"));
  QNNP_TRY(check_nonzero(t.n, "n"));
  QNNP_TRY(check_layout(t.a, t.k, t.a_stride, "a"));
  QNNP_TRY(check_layout(t.b, transpose_b ? t.k : t.n, t.b_stride, "b"));
  QNNP_TRY(check_layout(t.c, t.n, t.c_stride, "c"));
  const CheckedSize batch(t.batch_size);
  QNNP_TRY(check_extent(batch * t.m, t.a_stride, "a"));
  QNNP_TRY(check_extent(batch * (transpose_b ? t.n : t.k), t.b_stride, "b"));
  return check_extent(batch * t.m * c_bytes, t.c_stride, "c");
}

// No matrix may be able to leave int32.
Status check_depth(const WeightProblem& p, size_t k) {
  const auto largest = [](uint8_t zero) { return max<size_t>(zero, 255 - size_t{zero}); };
  const size_t product = largest(p.input_zero_point) * largest(p.kernel_zero_point);
  if (k <= INT32_MAX / product) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter,
              "k is %zu: with these zero points it must be at most %zu, or an accumulator could "
              "exceed 2147483647",
              k, static_cast<size_t>(INT32_MAX / product));
}

Status BatchMatrixMultiply::bind(const MatrixBinding& to) {
  QNNP_TRY(check_matrices(to, transpose_b, element_bytes(output.kind)));
  QNNP_TRY(check_depth(problem, to.k));
  char why[sizeof(reason)];
  const GemmKernel* const chosen = choose_tile(q8gemm_kernels(), to.n, 1, to.k, why);
  const PackShape wanted = {chosen->format, to.n, 1, to.k};
  const CheckedSize bytes = wanted.bytes() * to.batch_size;
  if (!bytes.valid()) {
    return fail(qnnp_status_unsupported_parameter,
                "b: %zu matrices of %zu x %zu are more bytes than can be addressed when packed",
                to.batch_size, to.k, to.n);
  }
  if (packed == nullptr || packed->size() != bytes.value()) {
    Buffer* const other = new Buffer;
    if (other == nullptr) return fail_memory("packed matrices", sizeof(Buffer));
    const Status status = other->resize(bytes.value(), "packed matrices");
    if (status != qnnp_status_success) {
      delete other;
      return status;
    }
    delete packed;
    packed = other;
  }
  t = to;
  kernel = chosen;
  shape = wanted;
  block_bytes = wanted.block_bytes().value();
  snprintf(name, sizeof(name), "q8gemm %s", kernel->name);
  memcpy(reason, why, sizeof(reason));
  state = State::bound;
  return qnnp_status_success;
}

}  // namespace

Status create_batch_matrix_multiply(const Desc& d, Operator** out) {
  QNNP_TRY(check_byte_type(d.a_type, "a_type"));
  QNNP_TRY(check_byte_type(d.b_type, "b_type"));
  const uint8_t none = 0;
  WeightProblem problem;
  WeightFields fields = {d.a_type,
                         d.b_type,
                         d.output_type,
                         d.a_scale,
                         d.output_scale,
                         nullptr,
                         d.b_scale,
                         &none,
                         nullptr,
                         nullptr,
                         d.a_zero_point,
                         d.b_zero_point,
                         d.output_zero_point,
                         d.output_min,
                         d.output_max,
                         d.flags};
  fields.names = {"a_scale", "a_zero_point", "b_scale", "b_zero_point"};
  QNNP_TRY(read_weights(fields, Form::description, &problem));
  problem.kernel = nullptr;
  problem.groups = problem.group_output_channels = 1;
  Buffer multiplier;
  QNNP_TRY(compute_multipliers(problem, &multiplier));
  float scale = 0;
  memcpy(&scale, multiplier.data(), sizeof(scale));
  *out = new BatchMatrixMultiply(problem, scale, d.transpose_b);
  return *out == nullptr
             ? fail_memory("batch matrix multiply operator", sizeof(BatchMatrixMultiply))
             : qnnp_status_success;
}

Status setup_batch_matrix_multiply(Operator* op, const MatrixBinding& binding) {
  bool done = false;
  QNNP_TRY(begin_setup(op, OperatorType::batch_matrix_multiply, binding.batch_size, &done));
  if (done) return qnnp_status_success;
  return static_cast<BatchMatrixMultiply*>(op)->bind(binding);
}

}  // namespace qnnp
