#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The GEMM bars on Zen 4 (AVX512-VNNI) by a model: no measurement.

    tools/model_bars.py [FOLDER]    a build with clang (build/native): a table for doc/performance.md

For each bar, the tile that costs.inc chooses. An interpreter of integer instructions executes the
compiled strips of q8gemm/tile.h, tile after tile with prologue, steps, tail and epilogue, and
llvm-mca -mcpu=znver4 says how long what was executed takes. Two of its figures are replaced by what
Zen 4 measures: vpdpbusd gets the ports of a vfmadd, one of 512 bits a cycle (the model says two
cycles), and a broadcast from memory is a load (the model wants an arithmetic port, too). Data is
always in the nearest cache; a vpdpbusd a cycle is 100 %.
"""

import math
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OBJECT = os.path.join("CMakeFiles", "qnnpack.dir", "src", "q8gemm", "avx512vnni.cc.o")
BARS = [((1024, 1024, 1024), 97), ((196, 512, 512), 95), ((49, 1024, 1024), 95),
        ((196, 256, 1152), 96), ((784, 128, 128), 90), ((3136, 64, 64), 82), ((12544, 32, 27), 64),
        ((12544, 96, 16), 52), ((3136, 144, 24), 62), ((12544, 16, 32), 66), ((1, 1000, 1024), 40)]
MOST_ROWS, PADDING = 128, 0.01  # kMaxRows, kPadding
OUTPUT_BYTES = 6 * 64  # of Avx512Output, in front of TilePanel's other fields
HIGHER = {2: 14, 1: 24}  # rows_of: vectors -> rows of a tile
ALL = (1 << 64) - 1
SIZES = {"b": 1, "w": 2, "l": 4, "q": 8}
CONDITIONS = {
    "e": lambda a, b, s: a == b, "ne": lambda a, b, s: a != b, "b": lambda a, b, s: a < b,
    "ae": lambda a, b, s: a >= b, "a": lambda a, b, s: a > b, "be": lambda a, b, s: a <= b,
    "s": lambda a, b, s: s < 0, "ns": lambda a, b, s: s >= 0, "l": lambda a, b, s: s < 0,
    "ge": lambda a, b, s: s >= 0, "g": lambda a, b, s: s > 0, "le": lambda a, b, s: s <= 0,
}
VALUES = {
    "mov": lambda a, b: a, "add": lambda a, b: a + b, "sub": lambda a, b: b - a,
    "imul": lambda a, b: a * b, "and": lambda a, b: a & b, "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b, "inc": lambda a, b: a + 1, "dec": lambda a, b: a - 1,
    "neg": lambda a, b: -a, "not": lambda a, b: ~a, "shl": lambda a, b: b << (a & 63),
    "shr": lambda a, b: b >> (a & 63),
}


def register(name):
    """%eax, %r8b, ... -> (name of the whole register, bytes)"""
    name = name[1:]
    numbered = re.match(r"(r\d+)([dwb]?)$", name)
    if numbered:
        return numbered.group(1), {"": 8, "d": 4, "w": 2, "b": 1}[numbered.group(2)]
    size = 8 if name[0] == "r" else 4 if name[0] == "e" else 1 if name[-1] == "l" else 2
    stem = name[1:] if size >= 4 else name[:-1] if size == 1 else name
    return "r" + (stem + "x" if len(stem) == 1 else stem), size


class Machine:
    """Runs the integer instructions of a function; vector instructions are only noted."""

    def __init__(self, code, arguments, memory):
        self.code, self.memory, self.flags = code, dict(memory), None
        self.registers = dict(zip(("rdi", "rsi", "rdx", "rcx", "r8"), arguments), rsp=1 << 40)
        self.spilled = {}  # to vector registers

    def place(self, text):
        offset, base, index, scale = re.match(
            r"(-?0x[0-9a-f]+)?\((%\w+)?(?:,(%\w+)(?:,(\d))?)?\)$", text).groups()
        value = int(offset or "0", 16)
        value += self.registers[base[1:]] if base else 0
        return (value + (self.registers[index[1:]] * int(scale or 1) if index else 0)) & ALL

    def get(self, text, size):
        if text[0] == "$":
            value = int(text[1:], 16)
        elif text[0] == "%":
            name, size = register(text)
            value = self.registers.get(name, 0)
        else:
            value = self.memory.get(self.place(text), 0)
        return value & ((1 << 8 * size) - 1)

    def put(self, text, value, size):
        if text[0] == "%":
            name, size = register(text)
            mask = (1 << 8 * size) - 1
            keep = self.registers.get(name, 0) & ~mask if size < 4 else 0
            self.registers[name] = keep | value & mask
        else:
            self.memory[self.place(text)] = value & ((1 << 8 * size) - 1)

    def spill(self, source, to):
        value = self.spilled.get(source) if source.startswith("%xmm") else self.get(source, 8)
        if to.startswith("%xmm"):
            self.spilled[to] = value
        elif value is not None:  # or it was computed by vector instructions
            self.put(to, value, 8)

    def compare(self, a, b, size):
        sign = 1 << 8 * size - 1
        self.flags = (a, b, (a ^ sign) - (b ^ sign))

    def run(self):
        """The executed instructions."""
        at, trace, i = {address: i for i, (address, _) in enumerate(self.code)}, [], 0
        while not self.code[i][1].startswith("ret"):
            trace.append(self.code[i][1])
            name, _, rest = self.code[i][1].partition(" ")
            operands = re.split(r",\s*(?![^(]*\))", rest.strip())
            i += 1
            if name == "jmp" or name[0] == "j" and CONDITIONS[name[1:]](*self.flags):
                i = at[int(operands[0], 16)]
            elif name == "vmovq":
                self.spill(*operands)
            elif name[0] not in "vkjn" and not name.startswith(("push", "pop")):
                self.step(name, operands)
        return trace

    def step(self, name, operands):
        to = operands[-1]
        if name.startswith("cmov"):
            if CONDITIONS[name[4:-1]](*self.flags):
                self.put(to, self.get(operands[0], 8), 8)
        elif name.startswith("set"):
            self.put(to, int(CONDITIONS[name[3:]](*self.flags)), 1)
        elif name.startswith("movz"):
            self.put(to, self.get(operands[0], SIZES[name[4]]), 8)
        elif name[:-1] in ("lea", "movabs"):
            value = self.place(operands[0]) if name[:-1] == "lea" else int(operands[0][1:], 16)
            self.put(to, value, 8)
        else:
            size, name = SIZES[name[-1]], name[:-1]
            a = self.get(operands[0], size) if len(operands) > 1 or name[:2] != "sh" else 1
            b = self.get(operands[min(1, len(operands) - 1)], size) if name != "mov" else 0
            if name in ("cmp", "test"):
                self.compare(*((b, a) if name == "cmp" else (a & b, 0)), size)
                return
            value = VALUES[name](a, b) & ((1 << 8 * size) - 1)
            if name not in ("mov", "not"):
                self.compare(*((b, a) if name == "sub" else (value, 0)), size)
            self.put(to, value, size)


def run(command, text=None):
    return subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout


def strips(path):
    """(rows, vectors) of a tile -> its strip's code, for rows of uint8."""
    found, code = {}, None
    for line in run(["llvm-objdump-19", "-d", "--no-show-raw-insn", path]).splitlines():
        label = re.match(r"[0-9a-f]+ <(.*)>:$", line)
        if label:
            size = re.search(r"5strip.*ELb0E.*?Li(\d+)ELi(\d+)E", label.group(1))
            code = found.setdefault(tuple(map(int, size.groups())), []) if size else None
        text = re.match(r" *([0-9a-f]+):\s+(.*)$", line)
        if text and code is not None:
            instruction = re.sub(r"\s*(#.*|<.*>)$", "", text.group(2)).replace("\t", " ").strip()
            code.append((int(text.group(1), 16), instruction))
    return found


def cycles(trace):
    text = "\n".join(re.sub(r"^(j\w+) .*", r"\1 .Lstart", line) for line in trace)
    text = text.replace("vpdpbusd", "vfmadd231ps")
    text = re.sub(r"^vpbroadcastd( .*\(.*zmm)", r"vmovups\1", text, flags=re.MULTILINE)
    out = run(["llvm-mca-19", "-mtriple=x86_64-linux-gnu", "-mcpu=znver4", "-iterations=1", "-"],
              ".Lstart:\n" + text)
    return int(re.search(r"Total Cycles: +(\d+)", out).group(1))


class Model:
    """A GEMM of depth k with packed blocks of nr columns."""

    def __init__(self, code, k, nr, sums):
        self.code, self.k, self.nr, self.sums, self.known = code, k, nr, sums, {}

    def strip(self, rows, size, vectors):
        """`rows` rows in tiles of `size`, or of the next smaller size that there is."""
        size = max(mr for mr, nv in self.code if nv == vectors and mr <= size)
        tiles = math.ceil(rows / size)
        if tiles <= 4:
            return self.tiles(size, vectors, tiles)
        two, four = self.tiles(size, vectors, 2), self.tiles(size, vectors, 4)
        return two + (four - two) / 2 * (tiles - 2)

    def tiles(self, size, vectors, count):
        if (size, vectors, count) not in self.known:
            rows, panel, block, step = 0x10000, 0x20000, 0x30000, 4 * self.nr
            fields = {rows: (0x1000000, self.k, self.k, size * count),
                      panel + OUTPUT_BYTES + 8: (self.nr, 0x40000 if self.sums else 0),
                      block: (0x2000000, 0x2000100, 0x2000200, self.nr, step,
                              step * math.ceil(self.k / 4), 16 * vectors, 0x3000000, 1)}
            memory = {place + 8 * i: value for place, values in fields.items()
                      for i, value in enumerate(values)}
            arguments = (rows, 0, size * count, panel, block)
            trace = Machine(self.code[size, vectors], arguments, memory).run()
            self.known[size, vectors, count] = cycles(trace)
        return self.known[size, vectors, count]

    def columns(self, rows, mr, vectors):
        """run_columns"""
        tiles = math.ceil(rows / mr)
        size = mr if mr > 8 else math.ceil(rows / tiles)
        whole = rows // mr if mr > 8 else tiles - (tiles * size - rows)
        rest = rows - whole * size
        total = self.strip(whole * size, size, vectors) if whole else 0
        return total + (self.strip(rest, rest if mr > 8 else size - 1, vectors) if rest else 0)

    def block(self, rows, mr, vectors, columns):
        """run_block"""
        half = vectors // 2 * 16
        if vectors == 1 or columns > half + half // 32 * 16:
            return self.columns(rows, mr, vectors)
        vectors //= 2
        total = self.block(rows, HIGHER[vectors], vectors, min(columns, half))
        rest = columns - half
        return total + (self.block(rows, HIGHER[vectors], vectors, rest) if rest > 0 else 0)

    def gemm(self, m, n, mr):
        most, total = MOST_ROWS // mr * mr, 0
        for rows, count in ((min(m, most), max(m // most, 1)), (m % most if m > most else 0, 1)):
            blocks = [self.nr] * (n // self.nr) + [n % self.nr] * (n % self.nr != 0)
            if rows:
                total += count * sum(self.block(rows, mr, self.nr // 16, n) for n in blocks)
        return total


def choose(n, k):
    """The tile of row_cost (q8gemm/cost.cc)."""
    with open(os.path.join(ROOT, "src", "q8gemm", "costs.inc"), encoding="utf-8") as file:
        lines = re.findall(r'"(\d+)x(\d+)__avx512vnni", ([\d.]+)f, ([\d.]+)f', file.read())

    def cost(line):
        nr, steps, computed = int(line[1]), math.ceil(k / 4), math.ceil(n / 16) * 16
        padding = math.ceil(n / nr) * nr - computed
        return computed / nr * (steps * float(line[2]) + float(line[3])) + padding * steps * PADDING

    best = min(lines, key=cost)
    return int(best[0]), int(best[1])


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build", "native")
    if folder.startswith("-"):
        sys.exit(__doc__)
    path = os.path.join(folder, OBJECT)
    if not os.path.exists(path):
        sys.exit("model_bars: %s is missing: build it with clang first" % path)
    code = strips(path)
    print("| GEMM | tile | cycles a full tile | of them products | share of peak "
          "| zero point not 128 | bar | reached |\n|---|---|--:|--:|--:|--:|--:|---|")
    for (m, n, k), bar in BARS:
        mr, nr = choose(n, k)
        model, corrected = Model(code, k, nr, False), Model(code, k, nr, True)
        shares = [100 * m * n * k / 64 / each.gemm(m, n, mr) for each in (model, corrected)]
        tile = (model.tiles(mr, nr // 16, 4) - model.tiles(mr, nr // 16, 2)) / 2
        print("| %dx%dx%d | %dx%d | %.0f | %d | %.0f %% | %.0f %% | %d %% | %s |" % (
            m, n, k, mr, nr, tile, mr * nr // 16 * math.ceil(k / 4), *shares, bar,
            "yes" if shares[0] >= bar else "no"), flush=True)


if __name__ == "__main__":
    main()
