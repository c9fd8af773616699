#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Looks at the static library with nm and readelf: what a linker would see of it.

    symbols_test.py --nm NM --readelf READELF --include FOLDER --isas "scalar avx2 ..."
                    LIBRARY [PROGRAM ...]

- Files that are compiled for an instruction set define no weak symbols: the linker could keep their
  copy for every processor.
- Nothing needs the C++ runtime, or a function of libm whose result could differ between C
  libraries.
- Only memory.cc allocates; nothing locks or prints.
- No static constructors.
- On AArch32, files for an instruction set alone have instructions of its vector unit.
- Only the header's functions have default visibility, and all of them exist.
- PROGRAMs, which the C compiler linked, do not need the C++ runtime's library.
"""

import argparse
import pathlib
import re
import subprocess
import sys

RUNTIME = re.compile(
    r"__cxa_|__gxx_|_Unwind|__dynamic_cast|_ZN?K?St|_Z(n|d)[wa]|_ZT[ISV]N10__cxxabiv")
MATH = re.compile(
    r"(exp|exp2|expm1|log|log2|log10|pow|sin|cos|tanh?|round|nearbyint|l?l?rint|l?l?round|fma|erf"
    r"|cbrt|ldexp|scalbn|fmod)f?l?$")
MEMORY = re.compile(
    r"(malloc|calloc|realloc|free|posix_memalign|aligned_alloc|memalign|mmap|munmap)$")
FORBIDDEN = re.compile(
    r"(printf|fprintf|puts|putchar|fputs|fwrite|write|perror|abort|exit"
    r"|pthread_mutex_.*|pthread_once|sem_.*)$")


def lines_of(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True, universal_newlines=True)
    return result.stdout.splitlines()


def members(nm, library):
    """Yields (file of the archive, letter, symbol)."""
    member = ""
    for line in lines_of(nm, library):
        if line.endswith(":"):
            member = line[:-1].split("/")[-1]
        else:
            match = re.match(r"[0-9a-fA-F]* +(\S) (\S+)$", line)
            if match:
                yield member, match.group(1), match.group(2)


def check_symbols(nm, library, isas):
    symbols = list(members(nm, library))
    defined = {symbol for _, letter, symbol in symbols if letter not in "Uw"}
    stronger = {isa + ".cc.o" for isa in isas if isa != "scalar"}
    seen = {member for member, _, _ in symbols}
    if len(symbols) < 100 or not stronger <= seen:
        yield f"{library}: read only {len(symbols)} symbols of {sorted(seen)}"
    for member, letter, symbol in symbols:
        if member in stronger and letter in "VvWwu":
            yield f"{member}: weak symbol {symbol}"
        if letter not in "Uw":
            continue
        if RUNTIME.match(symbol) or (symbol.startswith("_Z") and symbol not in defined):
            yield f"{member}: {symbol} needs the C++ runtime, or is not defined"
        if MATH.match(symbol):
            yield f"{member}: {symbol} of libm"
        if MEMORY.match(symbol) and member != "memory.cc.o":
            yield f"{member}: {symbol} passes the library's allocator by"
        if FORBIDDEN.match(symbol):
            yield f"{member}: {symbol}"


def check_sections(readelf, library):
    for line in lines_of(readelf, "-SW", library):
        if re.search(r"\.(init_array|ctors|fini_array|dtors)\b", line):
            yield f"{library}: static constructor: {line.strip()}"


def check_vector_unit(readelf, library, isas):
    member = ""
    for line in lines_of(readelf, "-A", library):
        if line.startswith("File: "):
            member = line.split("(")[-1].rstrip(")")
        elif "Advanced_SIMD" in line and re.split(r"[_.]", member)[0] not in isas:
            yield f"{member}: built for NEON"


def check_visibility(readelf, library, include):
    public = set()
    for header in pathlib.Path(include).rglob("*.h"):
        public |= set(re.findall(r"\b(qnnp_\w+)\(", header.read_text(encoding="utf-8")))
    visible = set()
    for line in lines_of(readelf, "-sW", library):
        fields = line.split()
        if len(fields) != 8 or fields[6] == "UND":
            continue
        if fields[4] in ("GLOBAL", "WEAK", "UNIQUE") and fields[5] == "DEFAULT":
            visible.add(fields[7])
    for name in sorted(visible - public):
        yield f"{library}: {name} has default visibility and is not in the header"
    for name in sorted(public - visible):
        yield f"{library}: {name} of the header does not exist"


def check_program(readelf, program):
    for line in lines_of(readelf, "-dW", program):
        if "NEEDED" in line and re.search(r"libstdc\+\+|libc\+\+", line):
            yield f"{program}: {line.strip()}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--readelf", default="readelf")
    parser.add_argument("--include", required=True)
    parser.add_argument("--isas", required=True, help="names of the instruction sets of this build")
    parser.add_argument("library")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    isas = re.split(r"[ ;]+", options.isas)
    problems = list(check_symbols(options.nm, options.library, isas))
    problems += check_vector_unit(options.readelf, options.library, isas)
    problems += check_sections(options.readelf, options.library)
    problems += check_visibility(options.readelf, options.library, options.include)
    for program in options.programs:
        problems += check_program(options.readelf, program)
    print("\n".join(problems) if problems else "passed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
