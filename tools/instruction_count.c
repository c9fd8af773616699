// SPDX-License-Identifier: BSD-3-Clause
// A plugin of qemu's user mode emulators: counts the guest's instructions between two marks, and
// tells which functions executed them. tools/count_instructions.py builds and loads it.
//
//   qemu-aarch64 -d plugin -D LOG -plugin ./instruction_count.so,out=FILE[,functions=N] PROGRAM
//
// A mark is a hint instruction that does nothing, number 101 in front and 102 behind
// (bench/instruction_count.cc). FILE gets a line "count N" for each pair and below it the N functions
// with most of them, "function N NAME". qemu knows names only if it writes a log.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is used of version 1 of the plugin interface (QEMU manual, "QEMU TCG Plugins"); Debian's
// qemu-user has no header for it.
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { PLUGIN_ADD_U64 = 0, PLUGIN_NO_REGISTERS = 0 };
struct info {
  const char* target_name;
};
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*f)(qemu_plugin_id_t, struct qemu_plugin_tb*));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* tb);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb* tb, size_t i);
const void* qemu_plugin_insn_data(const struct qemu_plugin_insn* insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn* insn);
const char* qemu_plugin_insn_symbol(const struct qemu_plugin_insn* insn);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn* insn, int op,
                                                void* counter, uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn* insn,
                                            void (*f)(unsigned cpu, void* data), int flags,
                                            void* data);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { kMostFunctions = 8192 };
static struct function {
  char* name;
  uint64_t count;
} functions[kMostFunctions];  // in place: translated code adds to the counters
static size_t known = 0, printed = 0;
static FILE* out = NULL;

static struct function* function_of(const struct qemu_plugin_insn* insn) {
  static size_t last = 0;
  const char* name = qemu_plugin_insn_symbol(insn);
  if (name == NULL) name = "";
  if (last < known && strcmp(functions[last].name, name) == 0) return &functions[last];
  for (last = 0; last < known; last++) {
    if (strcmp(functions[last].name, name) == 0) return &functions[last];
  }
  if (known == kMostFunctions) abort();
  functions[known].name = strdup(name);
  return &functions[known++];
}

static void begin(unsigned cpu, void* data) {
  (void)cpu, (void)data;
  for (size_t i = 0; i < known; i++) functions[i].count = 0;
}

static int by_count(const void* a, const void* b) {
  const uint64_t x = (*(struct function*const*)a)->count, y = (*(struct function*const*)b)->count;
  return x < y ? 1 : x > y ? -1 : 0;
}

static void end(unsigned cpu, void* data) {
  (void)cpu, (void)data;
  static struct function* order[kMostFunctions];
  uint64_t total = 0;
  for (size_t i = 0; i < known; i++) {
    order[i] = &functions[i];
    total += functions[i].count;
  }
  // The mark in front is counted, or the one behind is.
  fprintf(out, "count %llu\n", (unsigned long long)(total - 1));
  qsort(order, known, sizeof(order[0]), by_count);
  for (size_t i = 0; i < printed && i < known && order[i]->count != 0; i++) {
    fprintf(out, "function %llu %s\n", (unsigned long long)order[i]->count, order[i]->name);
  }
  fflush(out);
}

// The hint's number, or 0 for any other instruction: A64, A32, T32.
static unsigned hint_number(const struct qemu_plugin_insn* insn) {
  uint32_t word;
  if (qemu_plugin_insn_size(insn) != sizeof(word)) return 0;
  memcpy(&word, qemu_plugin_insn_data(insn), sizeof(word));
  if ((word & 0xfffff01f) == 0xd503201f) return word >> 5 & 0x7f;
  if ((word & 0xffffff00) == 0xe320f000) return word & 0xff;
  if ((word & 0xff00ffff) == 0x8000f3af) return word >> 16 & 0xff;
  return 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* tb) {
  (void)id;
  const size_t count = qemu_plugin_tb_n_insns(tb);
  for (size_t i = 0; i < count; i++) {
    struct qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(tb, i);
    qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_ADD_U64, &function_of(insn)->count, 1);
    const unsigned hint = hint_number(insn);
    if (hint == 101 || hint == 102) {
      qemu_plugin_register_vcpu_insn_exec_cb(insn, hint == 101 ? begin : end, PLUGIN_NO_REGISTERS,
                                             NULL);
    }
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
                                                               const struct info* info, int argc,
                                                               char** argv) {
  (void)info;
  for (int i = 0; i < argc; i++) {
    if (strncmp(argv[i], "out=", 4) == 0) out = fopen(argv[i] + 4, "w");
    if (strncmp(argv[i], "functions=", 10) == 0) printed = strtoul(argv[i] + 10, NULL, 10);
  }
  if (out == NULL) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
