# SPDX-License-Identifier: BSD-3-Clause
"""What is wrong with a library for Android, as far as its file tells: a list of sentences.

Above: android_check.py. Tests: test/android_elf_test.py."""

import re

SYSTEM_LIBRARIES = {"libc.so", "libm.so", "libdl.so", "liblog.so"}


def undefined(nm_lines, symbols, levels):
    """nm_lines: of nm -D. symbols: name -> first API level. Missing at one of the levels."""
    for line in nm_lines:
        found = re.match(r"\s*[0-9a-f]*\s*([UuwvV]) ([\w.$]+)", line)
        if not found:
            continue
        name = found.group(2)
        for level in levels:
            if symbols.get(name, 10000) > level:
                yield "needs %s, which API level %d does not have" % (name, level)
                break


def exports(nm_lines, public):
    """All functions of the header and nothing else. nm_lines: of nm -D --defined-only."""
    names = {line.split()[-1].split("@")[0] for line in nm_lines if line.strip()}
    for name in sorted(names - public):
        yield "exports %s" % name
    for name in sorted(public - names):
        yield "does not export %s" % name


def segments(lines, alignment):
    """lines: of readelf -lW."""
    loads = 0
    for line in lines:
        fields = line.split()
        if fields[:1] == ["LOAD"]:
            loads += 1
            if int(fields[-1], 16) < alignment:
                yield "has a segment aligned to %s, less than %d" % (fields[-1], alignment)
            if "RWE" in line:
                yield "has a segment to write and to execute"
        if fields[:1] == ["GNU_STACK"] and "E" in fields[-2]:
            yield "wants a stack that can be executed"
    if loads == 0:
        yield "has no segment to load"
    if not any(line.split()[:1] == ["GNU_STACK"] for line in lines):
        yield "does not say that its stack is not executed"


def dynamic(lines, needed=frozenset(SYSTEM_LIBRARIES)):
    """lines: of readelf -dW."""
    for line in lines:
        if "TEXTREL" in line:
            yield "has text relocations"
        found = re.search(r"\(NEEDED\).*\[(.*)\]", line)
        if found and found.group(1) not in needed:
            yield "needs %s" % found.group(1)


def size(stripped_bytes, budget):
    if budget and stripped_bytes > budget:
        yield "has %d bytes, the budget is %d" % (stripped_bytes, budget)
