// SPDX-License-Identifier: BSD-3-Clause
// Setup brings the tensor into a normal form: axes of one element disappear, neighbours that are
// both kept or both reduced become one. What remains alternates. When the innermost axis is kept,
// its elements are the channels of a pooling window that the reduced axes span; when it is reduced,
// each output is made of contiguous runs.
#include "operators/reduce.h"

#include "isa/scalar.h"
#include "operators/cut.h"
#include "operators/select.h"
#include "u8maxpool/u8maxpool.h"
#include "u8rmax/u8rmax.h"
#include "u8rsum/u8rsum.h"

namespace qnnp {
namespace {

constexpr size_t kMostDimensions = 6;
constexpr size_t kMostGroups = kMostDimensions / 2;  // of one kind: they alternate

struct Axis {
  size_t size = 1, stride = 0;  // bytes
};

struct Binding {
  const uint8_t* input = nullptr;
  uint8_t* output = nullptr;
  Axis kept[kMostGroups], reduced[kMostGroups];  // innermost first, without `run`
  size_t run = 1;        // contiguous bytes: channels of a window, or what one output is made of
  bool windows = false;  // run is kept
  size_t places = 1;     // outputs, or pixels of `run` outputs
  size_t area = 1;       // elements that one output is made of
  Mean mean = {};

  size_t offset(size_t place) const {
    size_t bytes = 0;
    for (const Axis& axis : kept) {
      bytes += place % axis.size * axis.stride;
      place /= axis.size;
    }
    return bytes;
  }
};

struct Reduce : Operator {
  Reduce(bool wants_largest, uint32_t reduced_axes, const MeanDesc& description)
      : Operator(OperatorType::reduce),
        is_max(wants_largest),
        axes(reduced_axes),
        desc(description),
        average(best_kernel(q8avgpool_kernels())),
        largest(best_kernel(u8maxpool_kernels())),
        row_sum(best_kernel(u8rsum_kernels())),
        row_largest(best_kernel(u8rmax_kernels())) {
    choose_name(true);
  }

  void run(pthreadpool_t pool) const override;
  Operator* clone() const override { return new Reduce(is_max, axes, desc); }
  void describe(qnnp_operator_info* info) const override;

  void choose_name(bool windows);
  void run_window(size_t place, size_t channel, size_t channels) const;
  uint8_t run_contiguous(const uint8_t* input) const;

  const bool is_max;
  const uint32_t axes;
  const MeanDesc desc;
  const AvgPoolKernel* const average;
  const MaxPoolKernel* const largest;
  const SumKernel* const row_sum;
  const MaxKernel* const row_largest;
  char name[32];
  Binding binding;
};

void Reduce::choose_name(bool windows) {
  if (is_max) {
    name_kernel(name, windows ? "u8maxpool" : "u8rmax",
                windows ? largest->name : row_largest->name);
  } else {
    name_kernel(name, windows ? "q8avgpool" : "u8rsum", windows ? average->name : row_sum->name);
  }
}

void Reduce::run_window(size_t place, size_t channel, size_t channels) const {
  const Binding& b = binding;
  const Axis &cols = b.reduced[0], &rows = b.reduced[1];
  const WindowRow row = {b.input + b.offset(place) + channel,
                         rows.size,
                         cols.size,
                         cols.stride,
                         rows.stride,
                         cols.size,
                         1,
                         1,
                         0,
                         0,
                         1,
                         channels,
                         b.output + place * b.run + channel,
                         b.run};
  if (is_max) {
    largest->run({row, {desc.flip, desc.output_min, desc.output_max}});
  } else {
    average->run({row, &b.mean});
  }
}

uint8_t Reduce::run_contiguous(const uint8_t* input) const {
  const Binding& b = binding;
  int64_t sum = 0;
  uint8_t most = desc.output_min;
  for (size_t z = 0; z < b.reduced[2].size; z++) {
    for (size_t y = 0; y < b.reduced[1].size; y++) {
      const uint8_t* p = input + z * b.reduced[2].stride + y * b.reduced[1].stride;
      for (size_t x = 0; x < b.reduced[0].size; x++, p += b.reduced[0].stride) {
        if (is_max) {
          most = max(most, row_largest->run(p, b.run, desc.flip));
        } else {
          sum += row_sum->run(p, b.run, desc.flip);
        }
      }
    }
  }
  if (is_max) return static_cast<uint8_t>(min(most, desc.output_max) ^ desc.flip);
  sum -= int64_t{b.mean.zero_point} * static_cast<int64_t>(b.area);
  return static_cast<uint8_t>(requantize(static_cast<int32_t>(sum), b.mean.scale, b.mean.output) ^
                              desc.flip);
}

void Reduce::run(pthreadpool_t pool) const {
  constexpr size_t kChannelUnit = 64;  // a cache line
  const Binding& b = binding;
  const size_t columns = b.windows ? b.run : 1;
  const Cut cut = make_cut(b.places, columns, b.area, kChannelUnit, thread_count(pool));
  for_each_task(pool, cut, b.places, columns,
                [&](size_t first, size_t count, size_t channel, size_t channels) {
                  for (size_t place = first; place != first + count; place++) {
                    if (b.windows) {
                      run_window(place, channel, channels);
                    } else {
                      b.output[place] = run_contiguous(b.input + b.offset(place));
                    }
                  }
                });
}

void Reduce::describe(qnnp_operator_info* info) const {
  info->kernel = name;
  info->reason = kBestIsa;
  if (state != State::bound) return;
  info->output_bytes = uint64_t{binding.places} * (binding.windows ? binding.run : 1);
  info->input_bytes = info->output_bytes * binding.area;
}

// The normal form.
void bind_axes(uint32_t axes, size_t dimensions, const size_t* sizes, Binding* b) {
  struct Group {
    Axis axis;
    bool reduced;
  } groups[kMostDimensions];
  size_t count = 0, stride = 1;
  for (size_t i = dimensions; i-- != 0;) {
    const bool reduced = (axes >> i & 1) != 0;
    if (sizes[i] == 1) continue;
    if (count != 0 && groups[count - 1].reduced == reduced) {
      groups[count - 1].axis.size *= sizes[i];
    } else {
      groups[count++] = {{sizes[i], stride}, reduced};
    }
    stride *= sizes[i];
  }
  size_t kept = 0, reduced = 0, i = 0;
  // Three reduced axes between kept ones are more than a window has: runs of one byte.
  b->windows = count == 0 || (!groups[0].reduced && count < kMostDimensions);
  if (count != 0 && (b->windows || groups[0].reduced)) {
    b->run = groups[0].axis.size;
    if (!b->windows) b->area = b->run;
    i = 1;
  }
  for (; i < count; i++) {
    if (groups[i].reduced) {
      b->area *= groups[i].axis.size;
      b->reduced[reduced++] = groups[i].axis;
    } else {
      b->places *= groups[i].axis.size;
      b->kept[kept++] = groups[i].axis;
    }
  }
}

Status check_sizes(uint32_t axes, size_t dimensions, const size_t* sizes, bool* empty) {
  if (dimensions == 0 || dimensions > kMostDimensions) {
    return fail(qnnp_status_invalid_parameter, "dimensions is %zu: it must be in [1, %zu]",
                dimensions, kMostDimensions);
  }
  QNNP_TRY(check_pointer(sizes, "sizes"));
  if (axes >> dimensions != 0) {
    return fail(qnnp_status_invalid_parameter,
                "axes is 0x%x: it must not name an axis beyond the %zu dimensions", axes,
                dimensions);
  }
  *empty = false;
  for (size_t i = 0; i < dimensions; i++) {
    if (sizes[i] == 0 && (axes >> i & 1) == 0) *empty = true;
  }
  CheckedSize elements = 1;
  for (size_t i = 0; i < dimensions && !*empty; i++) {
    if (sizes[i] == 0) {
      return fail(qnnp_status_invalid_parameter,
                  "sizes[%zu] is 0: an axis that is reduced must have an element", i);
    }
    elements = elements * sizes[i];
  }
  if (elements.valid()) return qnnp_status_success;
  return fail(qnnp_status_unsupported_parameter,
              "sizes: their product is more bytes than can be addressed");
}

}  // namespace

Status create_reduce(const qnnp_reduce_desc& desc, Operator** out) {
  MeanDesc mean;
  QNNP_TRY(unsigned_mean(desc, 1, &mean));
  if (desc.axes >> kMostDimensions != 0) {
    return fail(qnnp_status_invalid_parameter, "axes is 0x%x: only the lowest %zu bits may be set",
                desc.axes, kMostDimensions);
  }
  const bool largest = desc.operation == qnnp_reduction_max;
  QNNP_TRY(largest ? check_tensors(mean) : check_mean(mean));
  *out = new Reduce(largest, desc.axes, mean);
  return *out == nullptr ? fail_memory("reduce operator", sizeof(Reduce)) : qnnp_status_success;
}

Status setup_reduce(Operator* op, size_t dimensions, const size_t* sizes, const uint8_t* input,
                    uint8_t* output) {
  bool empty = false;
  QNNP_TRY(begin_setup(op, OperatorType::reduce, 1, &empty));
  Reduce& reduce = static_cast<Reduce&>(*op);
  const uint32_t all = dimensions < kMostDimensions ? (1u << dimensions) - 1 : 0x3f;
  const uint32_t axes = reduce.axes == 0 ? all : reduce.axes;
  QNNP_TRY(check_sizes(axes, dimensions, sizes, &empty));
  if (empty) {
    reduce.state = Operator::State::empty;
    return qnnp_status_success;
  }
  QNNP_TRY(check_pointer(input, "input"));
  QNNP_TRY(check_pointer(output, "output"));
  Binding binding;
  binding.input = input;
  binding.output = output;
  bind_axes(axes, dimensions, sizes, &binding);
  if (!reduce.is_max) {
    QNNP_TRY(check_sum(reduce.desc, binding.area, "sizes"));
    binding.mean = make_mean(reduce.desc, binding.area);
  }
  reduce.binding = binding;
  reduce.choose_name(binding.windows);
  reduce.state = Operator::State::bound;
  return qnnp_status_success;
}

}  // namespace qnnp
