#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds the library for every Android ABI against a stand-in for the NDK, and looks at what came out.

    tools/android_check.py [--sources FOLDER] [--jobs N]

./configure.py test --target android calls it. Nothing built here is ever run. --sources names the
folder of cpuinfo, pthreadpool, FXdiv and FP16, as configure.py does; without it, stand-ins have the
functions of Debian's headers and no code.

- Undefined symbols against API levels 21 and 24, exports, needed libraries, segment alignment, text
  relocations, executable stack, size of the stripped library: for each ABI and for a small library.
- A project that takes the library in with add_subdirectory.
- What CMake says when something is missing.
- Every src/**/*_aarch64.S assembles for Apple's and for Windows' object files.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

import android_elf
import android_stand_in
import android_targets

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, "build", "android")
LEVELS = android_stand_in.LEVELS
# Target -> instruction sets. Those of x86 are too many to build in a check; x86-64 machines build the
# others anyway.
TARGETS = {"android-arm64": "", "android-armv7": "", "android-x86_64": "avxvnni",
           "android-x86": "sse41"}
FAST = {"CMAKE_CXX_FLAGS_RELEASE": "-O1 -DNDEBUG"}
BUDGETS = {"android-arm64": 300 << 10}
# What MobileNet v2 needs.
SMALL = {"QNNPACK_OPERATORS": "convolution;fully_connected;binary;global_pooling;softargmax",
         "QNNPACK_ISAS": "neon", "QNNPACK_SMALL": "MINIMAL"}
SMALL_BUDGET = 100 << 10
ASSEMBLERS = {"Apple": "arm64-apple-ios13", "Windows": "aarch64-windows-msvc"}


class Checks:
    """Counts, prints, remembers."""

    def __init__(self):
        self.passed, self.failed = 0, 0

    def add(self, name, problems):
        problems = list(problems)
        if problems:
            self.failed += 1
            print("FAILED  %s" % name)
            for problem in problems[:10]:
                print("          %s" % problem)
        else:
            self.passed += 1
            print("ok      %s" % name)
        sys.stdout.flush()

    def close(self):
        total = self.passed + self.failed
        print("%d%% tests passed, %d tests failed out of %d" % (
            100 * self.passed // max(total, 1), self.failed, total))
        return 1 if self.failed or total == 0 else 0


def run(command, log):
    """Problems, the last lines of the output if there are any."""
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode(errors="replace")
    with open(os.path.join(WORK, log), "w", encoding="utf-8") as file:
        file.write(text)
    return [] if done.returncode == 0 else text.splitlines()[-10:]


def lines_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True,
                          universal_newlines=True).stdout.splitlines()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_sources(folder):
    """Folders with the headers of Debian's packages and libraries that have their functions."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in (("cpuinfo", ["cpuinfo_isa"]), ("pthreadpool", [])):
        header = "/usr/include/%s.h" % name
        with open(header, encoding="utf-8") as file:
            text = file.read()
        functions = set(re.findall(r"\b(%s_\w+)\(" % name, text)) - set(
            re.findall(r"static inline [\w ]*?\b(\w+)\(", text))
        stub = "".join("char %s[256];\n" % item for item in data)
        stub += "".join("void %s(void) {}\n" % item for item in sorted(functions))
        write(os.path.join(folder, name, "stub.c"), stub)
        os.makedirs(os.path.join(folder, name, "include"))
        shutil.copy(header, os.path.join(folder, name, "include"))
        write(os.path.join(folder, name, "CMakeLists.txt"), """project(%s C)
add_library(%s STATIC stub.c)
target_include_directories(%s PUBLIC include)
""" % (name, name, name))
    os.makedirs(os.path.join(folder, "fxdiv"))
    shutil.copytree("/usr/include/fp16", os.path.join(folder, "fp16", "include", "fp16"))
    shutil.copy("/usr/include/fp16.h", os.path.join(folder, "fp16", "include"))


class Builder:
    """Calls CMake as an Android engineer would."""

    def __init__(self, checks, ndk, sources, jobs):
        self.checks, self.ndk, self.sources, self.jobs = checks, ndk, sources, jobs

    def cmake(self, name, target, definitions, source=ROOT):
        values = android_targets.definitions(target, {"ANDROID_NDK": self.ndk}, definitions,
                                             self.sources)
        folder = os.path.join(WORK, name)
        # What an earlier check left must not answer for this one.
        shutil.rmtree(os.path.join(folder, "CMakeFiles"), ignore_errors=True)
        if os.path.exists(os.path.join(folder, "CMakeCache.txt")):
            os.remove(os.path.join(folder, "CMakeCache.txt"))
        command = ["cmake", "-S", source, "-B", folder, "-G", "Ninja"]
        command += ["-D%s=%s" % item for item in values.items()]
        return run(command, name + "-configure.log")

    def build(self, name, target, definitions, source=ROOT):
        problems = self.cmake(name, target, definitions, source)
        if not problems:
            problems = run(["cmake", "--build", os.path.join(WORK, name), "--parallel",
                            str(self.jobs)], name + ".log")
        self.checks.add("%s: builds" % name, problems)
        return not problems


def symbols_of_bionic():
    return {name: first for library in android_stand_in.read_symbols().values()
            for name, (first, _) in library.items()}


def functions_of_header(operators=None):
    """Those of the header; of some operators: those of their files in src/api."""
    names = set()
    if operators is None:
        paths = glob.glob(os.path.join(ROOT, "include", "**", "*.h"), recursive=True)
        pattern = r"\b(qnnp_\w+)\("
    else:
        paths = [os.path.join(ROOT, "src", "api", name + ".cc") for name in operators + ["qnnpack"]]
        pattern = r"^(?:enum|const) [\w* ]*?(qnnp_\w+)\("
    for path in paths:
        with open(path, encoding="utf-8") as file:
            names |= set(re.findall(pattern, file.read(), re.MULTILINE))
    return names


def check_library(checks, name, path, public, is_64_bit, budget):
    def add(what, problems):
        checks.add("%s: %s" % (name, what), problems)

    nm = lines_of("llvm-nm-19", "-D", path)
    for level in LEVELS:
        add("no symbol that API level %d lacks" % level,
            android_elf.undefined(nm, symbols_of_bionic(), [level]))
    add("%d functions exported" % len(public), android_elf.exports(
        lines_of("llvm-nm-19", "-D", "--defined-only", path), public))
    add("segments, stack", android_elf.segments(
        lines_of("llvm-readelf-19", "-lW", path), 16384 if is_64_bit else 4096))
    add("needs, relocations", android_elf.dynamic(lines_of("llvm-readelf-19", "-dW", path)))
    stripped = path + ".stripped"
    lines_of("llvm-strip-19", "-o", stripped, path)
    size = os.path.getsize(stripped)
    add("%.1f KB stripped%s" % (size / 1024, ", budget %d" % (budget >> 10) if budget else ""),
        android_elf.size(size, budget))


def check_libraries(builder):
    shared = {"BUILD_SHARED_LIBS": "ON"}
    for target, isas in TARGETS.items():
        definitions = dict(shared, QNNPACK_ISAS=isas)
        if target not in BUDGETS:
            definitions.update(FAST)
        name = target[len("android-"):]
        if builder.build(name, target, definitions):
            check_library(builder.checks, name, os.path.join(WORK, name, "lib", "libqnnpack.so"),
                          functions_of_header(), target in ("android-arm64", "android-x86_64"),
                          BUDGETS.get(target))
    if builder.build("small-arm64", "android-arm64", dict(shared, **SMALL)):
        check_library(builder.checks, "small-arm64",
                      os.path.join(WORK, "small-arm64", "lib", "libqnnpack.so"),
                      functions_of_header(SMALL["QNNPACK_OPERATORS"].split(";")), True,
                      SMALL_BUDGET)
        check_install(builder.checks, "small-arm64")


def check_install(checks, name):
    folder = os.path.join(WORK, name, "installed")
    shutil.rmtree(folder, ignore_errors=True)
    problems = run(["cmake", "--install", os.path.join(WORK, name), "--prefix", folder],
                   name + "-install.log")
    for path in ("include/qnnpack.h", "include/pthreadpool.h", "lib/libqnnpack.so",
                 "lib/libpthreadpool.a", "lib/libcpuinfo.a", "lib/cmake/qnnpack/qnnpackConfig.cmake"):
        if not os.path.exists(os.path.join(folder, path)):
            problems.append("there is no " + path)
    checks.add("%s: installs" % name, problems)


def check_user_project(builder):
    """A program in C whose project takes the library in."""
    folder = os.path.join(WORK, "user")
    write(os.path.join(folder, "CMakeLists.txt"), """cmake_minimum_required(VERSION 3.19)
project(user C CXX)
add_subdirectory("%s" qnnpack)
add_executable(user "%s/examples/readme_convolution.c")
set_target_properties(user PROPERTIES LINKER_LANGUAGE C)
target_link_libraries(user PRIVATE qnnpack::qnnpack)
""" % (ROOT, ROOT))
    definitions = dict(FAST, QNNPACK_OPERATORS="convolution", QNNPACK_ISAS="neon")
    if builder.build("user-arm64", "android-arm64", definitions, folder):
        program = os.path.join(WORK, "user-arm64", "user")
        builder.checks.add("user-arm64: needs", android_elf.dynamic(
            lines_of("llvm-readelf-19", "-dW", program)))
        builder.checks.add("user-arm64: no symbol that API level 24 lacks", android_elf.undefined(
            lines_of("llvm-nm-19", "-D", program), symbols_of_bionic(), [24]))


def check_messages(builder):
    """What CMake says."""
    expected = {
        "nothing-given": (dict.fromkeys(android_targets.SOURCES, ""),
                          "qnnpack needs cpuinfo, pthreadpool, fp16, not found for Android"),
        "unknown-operator": ({"QNNPACK_OPERATORS": "convolution;fft"},
                             "QNNPACK_OPERATORS names 'fft': it must be among activation,"),
        "unknown-isa": ({"QNNPACK_ISAS": "sve"}, "QNNPACK_ISAS names 'sve': it must be among"),
    }
    for name, (definitions, sentence) in expected.items():
        builder.cmake(name, "android-arm64", definitions)
        with open(os.path.join(WORK, name + "-configure.log"), encoding="utf-8") as file:
            text = " ".join(file.read().split())
        builder.checks.add("message: " + sentence, [] if sentence in text else [text[-500:]])


def check_assembly(checks):
    sources = sorted(glob.glob(os.path.join(ROOT, "src", "*", "*_aarch64.S")))
    for system, triple in ASSEMBLERS.items():
        for source in sources:
            isa = os.path.basename(source)[:-len("_aarch64.S")]
            checks.add("%s: %s assembles" % (system, os.path.relpath(source, ROOT)), run(
                ["clang-19", "--target=" + triple, *flags_of(isa), "-I" + os.path.join(ROOT, "src"),
                 "-c", source, "-o", os.devnull], "assembly.log"))
    checks.add("assembly does not touch x18, which Apple and Windows keep", [
        "%s:%d: %s" % (os.path.relpath(source, ROOT), number, line.strip())
        for source in sources for number, line in enumerate(open_lines(source), 1)
        if re.search(r"\b[xw]18\b", line)])
    checks.add("assembly files were found", [] if sources else ["there is none in src"])


def open_lines(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def flags_of(isa):
    with open(os.path.join(ROOT, "src", "isa", "isa.inc"), encoding="utf-8") as file:
        found = re.search(r'^QNNP_ISA\(%s, *aarch64, *"(.*)"\)' % isa, file.read(), re.MULTILINE)
    return found.group(1).split() if found else []


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    options = parser.parse_args()
    ndk = os.path.join(WORK, "ndk")
    sources = options.sources and os.path.abspath(options.sources)
    subprocess.run([sys.executable, os.path.join(ROOT, "tools", "android_stand_in.py"), ndk],
                   check=True)
    if not sources:
        sources = os.path.join(WORK, "sources")
        make_sources(sources)
    checks = Checks()
    builder = Builder(checks, ndk, sources, options.jobs)
    check_messages(builder)
    check_assembly(checks)
    check_libraries(builder)
    check_user_project(builder)
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
