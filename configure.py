#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The front door: installs what is missing, builds, tests, measures, shows.

It drives CMakePresets.json and prints each command that it runs.

verbs
  deps      install the packages that a build needs and that dpkg does not know, with apt-get
  build     deps, then programs in build/TARGET/bin and libraries in build/TARGET/lib
  test      build, then every test; closes with the kernels that were executed
  bench     build, then the benchmarks; or --bars, --peers, --plot, --count-arm
  demo      build, then a network of models/ classifies the pictures of Fashion-MNIST
"""

import argparse
import glob
import json
import os
import platform
import re
import shutil
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(ROOT, "tools"))
# pylint: disable=wrong-import-position
import android_targets
from machine import (GCC, Failure, Packages, Runner, choose_compiler, lacks_avx512, output_of,
                     processors, sanitizer_packages, say)
EXAMPLES = """examples
  ./configure.py demo                              from nothing to classified pictures
  ./configure.py test                              every test, on every instruction set
  ./configure.py test --quick                      the same without the emulated processor
  ./configure.py test --sanitize address,undefined
  ./configure.py test --target aarch64             cross build, run by qemu as several processors
  QEMU_CPU=cortex-a72 ./configure.py test --target aarch64    ... as this one
  ./configure.py build --target android-arm64 --sources FOLDER    with the NDK in ANDROID_NDK
  ./configure.py test --target android             every Android ABI, without an NDK
  ./configure.py bench --isa avx2                  as if the processor had no more than AVX2
  ./configure.py bench --bars --peers              every speed bar, beside other libraries
  ./configure.py build --build-type Debug          in build/native-debug
  ./configure.py test --dry-run                    only print the commands

Tests read QNNP_TEST_SEED (other random cases) and QNNP_TEST_EFFORT (how many, in percent). On a
system without apt, install the packages that 'deps' names in that system's way.
"""

BUILD_PACKAGES = ["cmake", "ninja-build", "gcc", "libc6-dev", "pkg-config"]
NATIVE_PACKAGES = [
    "libcpuinfo-dev", "libpthreadpool-dev", "libfp16-dev", "libgtest-dev", "libbenchmark-dev",
    # The examples: network files, pictures, command lines, reports.
    "libflatbuffers-dev", "flatbuffers-compiler", "libstb-dev", "libcli11-dev",
    "nlohmann-json3-dev", "zlib1g-dev"]
# onnx_test and its vectors.
TEST_PACKAGES = ["libonnx-dev", "libprotobuf-dev", "libonnx-testdata"]
MODEL_PACKAGES = ["llvm-19"]  # llvm-mca
PEER_PACKAGES = ["libxnnpack-dev", "libdnnl-dev", "libgemmlowp-dev", "libtorch-dev"]
PLOT_PACKAGES = ["python3-matplotlib"]
DEMO_PACKAGES = ["dataset-fashion-mnist"]
FASHION_MNIST = "/usr/share/datasets/fashion-mnist"
# What android_check.py builds with, and the headers that its stand-ins have.
ANDROID_PACKAGES = ["cmake", "ninja-build", "clang-19", "lld-19", "llvm-19", "libcpuinfo-dev",
                    "libpthreadpool-dev", "libfp16-dev"]
# Target -> packages, architecture of its target packages, processors that its tests run on.
CROSS = {
    "aarch64": (["g++-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user", "googletest",
                 "flatbuffers-compiler"],
                "arm64", ["cortex-a53", "cortex-a76", "max"]),
    "armhf": (["g++-arm-linux-gnueabihf", "libc6-dev-armhf-cross", "qemu-user", "googletest",
               "flatbuffers-compiler"],
              "armhf", ["cortex-a9", "cortex-a15"])}
SANITIZERS = {"address,undefined": "asan-ubsan", "thread": "tsan"}
FOLDERS = {"asan-ubsan": "native-asan", "tsan": "native-tsan"}  # where a preset's name is another


def kernel_architecture(target):
    """What tools/kernel_matrix.py calls the target's architecture."""
    if target in CROSS:
        return {"aarch64": "aarch64", "armhf": "aarch32"}[target]
    machine = platform.machine().lower()
    if machine in ("x86_64", "amd64") or re.fullmatch("i[3-6]86", machine):
        return "x86"
    return {"aarch64": "aarch64", "arm64": "aarch64"}.get(machine, "aarch32")


class Session:
    """One call of configure.py: which preset, which folder, which steps."""

    def __init__(self, options):
        self.options = options
        self.runner = Runner(options.dry_run)
        self.packages = Packages(self.runner)
        self.cross = CROSS.get(options.target)
        # The emulated processor takes the programs of this machine.
        target = "native" if options.target == "avx512-emulated" else options.target
        with_gcc = options.compiler == "gcc"
        self.preset = SANITIZERS.get(options.sanitize, target + ("-gcc" if with_gcc else ""))
        suffix = "-gcc" if options.sanitize and with_gcc else ""
        suffix += "-" + options.build_type.lower() if options.build_type else ""
        self.suffix_env = {"QNNP_BUILD_SUFFIX": suffix} if suffix else {}
        self.folder = os.path.join("build", FOLDERS.get(self.preset, self.preset) + suffix)
        self.compiler = None

    def emulates(self):
        """The tests also run on an emulated processor."""
        if self.options.target == "avx512-emulated":
            return True
        return (self.options.verb in ("test", "deps") and self.preset == "native" and lacks_avx512()
                and not self.options.quick)

    def deps(self):
        names = list(BUILD_PACKAGES)
        names += self.cross[0] if self.cross else NATIVE_PACKAGES
        if self.options.verb in ("demo", "deps") and not self.cross:
            names += self.packages.where_available(DEMO_PACKAGES)
        if self.options.verb in ("test", "build", "deps") and not self.cross:
            names += self.packages.where_available(TEST_PACKAGES)
        if self.options.target == "aarch64" and self.options.verb in ("test", "deps"):
            names += self.packages.where_available(MODEL_PACKAGES)
        if self.options.peers:
            names += self.packages.where_available(PEER_PACKAGES)
        if self.options.plot:
            names += self.packages.where_available(PLOT_PACKAGES)
        if self.emulates():
            text = output_of([sys.executable, "tools/avx512_emulator.py", "--deps"])
            names += (text or "").split()
        self.compiler = choose_compiler(self.options.compiler, self.packages)
        if not (self.cross and self.compiler.cxx == GCC.cxx):
            names += self.compiler.packages
        if self.options.sanitize:
            names += sanitizer_packages(self.compiler, self.packages)
        self.packages.install(list(dict.fromkeys(names)))
        say("configure.py: compiler: %s" % self.compiler.name)
        if self.cross:
            self.runner.run("packages of the target", [
                sys.executable, "tools/target_packages.py", self.cross[1],
                "build/sysroot/" + self.cross[1]])

    def build_android(self):
        options = self.options
        values = android_targets.definitions(options.target, os.environ, options.define,
                                             options.sources)
        if options.build_type:
            values["CMAKE_BUILD_TYPE"] = options.build_type
        problems = android_targets.missing(values, os.environ)
        if problems:
            raise Failure("Android's build cannot start:\n  " + "\n  ".join(problems) +
                          "\nSee doc/cross-compiling.md.")
        configure, build = android_targets.commands(options.target, values, options.jobs)
        self.runner.run("configure", configure)
        self.runner.run("build", build)

    def build(self):
        if self.options.target in android_targets.ABIS:
            self.build_android()
            return
        self.deps()
        env, arguments = dict(self.suffix_env), []
        if self.cross:
            arguments += ["-DQNNP_CROSS_COMPILER=" + self.compiler.cxx]
        elif self.preset in ("native", "asan-ubsan", "tsan"):  # the others name theirs
            env.update(CC=self.compiler.cc, CXX=self.compiler.cxx)
        if self.options.peers:
            arguments += ["-DQNNPACK_BENCH_PEERS=ON"]
        if self.options.build_type:
            arguments += ["-DCMAKE_BUILD_TYPE=" + self.options.build_type]
        if self.cached_compiler() not in (None, self.compiler.cxx):
            self.runner.run("another compiler", ["rm", "-rf", self.folder + "/CMakeCache.txt",
                                                 self.folder + "/CMakeFiles"])
        self.runner.run("configure", ["cmake", "--preset", self.preset] + arguments, env=env)
        self.runner.run("build", ["cmake", "--build", "--preset", self.preset, "--parallel",
                                  str(self.options.jobs)], env=self.suffix_env)

    def cached_compiler(self):
        """The compiler that the build folder is made for: CMake cannot change it in place."""
        if self.cross or self.preset.endswith("-gcc"):
            return None
        try:
            with open(os.path.join(ROOT, self.folder, "CMakeCache.txt"), encoding="utf-8") as file:
                found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", file.read(), re.MULTILINE)
        except OSError:
            return None
        return os.path.basename(found.group(1)) if found else None

    def test_android(self):
        self.packages.install(ANDROID_PACKAGES)
        command = [sys.executable, "tools/android_check.py", "--jobs", str(self.options.jobs)]
        if self.options.sources:
            command += ["--sources", self.options.sources]
        self.runner.run("Android's ABIs", command, live=True)

    def test(self):
        if self.options.target == "android":
            self.test_android()
            return
        self.build()
        matrix = os.path.join(self.folder, "kernel_matrix.txt")
        if not self.options.dry_run and os.path.exists(os.path.join(ROOT, matrix)):
            os.remove(os.path.join(ROOT, matrix))
        env = dict(self.isa_env(), QNNP_KERNEL_MATRIX=os.path.join(ROOT, matrix))
        if self.options.target != "avx512-emulated":
            self.run_ctest(env)
        if self.emulates():
            self.runner.run("tests on an emulated processor", [
                sys.executable, "tools/run_emulated_tests.py", "--matrix", matrix, "--jobs",
                str(self.options.jobs), self.folder], env=self.isa_env())
        check = [sys.executable, "tools/kernel_matrix.py", "--architecture",
                 kernel_architecture(self.options.target), matrix]
        complete = not self.options.sanitize and not self.options.quick
        if not complete or self.options.target == "avx512-emulated" or "QEMU_CPU" in os.environ:
            check += ["--allow-skipped"]  # this run was not meant to be all of them
        self.runner.run("kernel matrix", check)
        if self.cross and self.preset == self.options.target and not self.suffix_env:
            self.runner.run("instruction counts", [
                sys.executable, "tools/count_instructions.py", "--check", "--target",
                self.options.target])
            if self.options.target == "aarch64":
                self.model_loops()

    def model_loops(self):
        if shutil.which("llvm-mca-19") or shutil.which("llvm-mca") or self.options.dry_run:
            self.runner.run("modelled loops", [sys.executable, "tools/model_loops.py", "--check"])
        else:
            say("configure.py: main loops are not modelled: there is no llvm-mca")

    def run_ctest(self, env):
        command = ["ctest", "--preset", self.preset, "--parallel", str(self.options.jobs)]
        env = dict(env, **self.suffix_env)
        if not self.cross:
            self.runner.run("tests", command, env=env)
            return
        processors = [os.environ["QEMU_CPU"]] if "QEMU_CPU" in os.environ else self.cross[2]
        for processor in processors:
            self.runner.run("tests on " + processor, command, env=dict(env, QEMU_CPU=processor))

    def isa_env(self):
        return {"QNNP_ISA": self.options.isa} if self.options.isa else {}

    def bench(self):
        options = self.options
        if options.count_arm:
            self.count_arm()
            return
        self.build()
        if options.bars or options.peers or options.plot:
            self.compare()
            return
        folder = os.path.join(ROOT, self.folder, "bin")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        programs = sorted(name for name in names if name.endswith("_bench") and
                          name != "compare_bench")  # which prints for other programs
        if not programs and not self.options.dry_run:
            raise Failure("there is no benchmark (*_bench) in %s/bin" % self.folder)
        for name in programs:
            self.runner.run("benchmark " + name, [os.path.join(self.folder, "bin", name)],
                            env=self.isa_env(), live=True)

    def count_arm(self):
        """--count-arm: what doc/arm.md says about executed instructions."""
        for target in CROSS:
            self.options.target = target
            Session(self.options).build()
        self.runner.run("instruction counts", [sys.executable, "tools/count_instructions.py",
                                               "--write"])

    def compare(self):
        """--bars, --peers and --plot: compare_bench measures, Python judges, prints and draws."""
        options = self.options
        common = ["--program", os.path.join(self.folder, "bin", "compare_bench")]
        common += ["--quick"] if options.quick else []
        results = ["--" + name + "=" + value for name, value in (
            ("csv", options.csv), ("json", options.json)) if value]
        if options.bars:
            self.tool("bars", "tools/bench_bars.py", common)
        if options.peers:
            self.tool("other libraries", "tools/bench_peers.py", common + results)
        if options.plot:
            self.tool("roofline", "tools/bench_plot.py", common + [
                "--output", os.path.join(self.folder, "roofline.svg")])

    def tool(self, step, program, arguments):
        # matplotlib belongs to the distribution's Python.
        python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
        self.runner.run(step, [python, program] + arguments, env=self.isa_env(), live=True)

    def demo(self):
        self.build()
        programs = os.path.join(self.folder, "bin")
        network, names = ["models/fashion_mnist_uint8.tflite"], [
            "--labels", "models/fashion_mnist_labels.txt"]
        pictures = sorted(glob.glob("models/pictures/*.png"))[:3]
        self.runner.run("single pictures", [os.path.join(programs, "classify")] + network + names +
                        ["--top", "3"] + pictures, env=self.isa_env(), live=True)
        data = FASHION_MNIST + "/t10k-%s-ubyte.gz"
        if os.path.exists(data % "images-idx3"):
            with open("models/fashion_mnist.json", encoding="utf-8") as file:
                accuracy = str(json.load(file)["float_accuracy_percent"])
            more = ["--float-accuracy", accuracy]
        else:  # where the distribution has no such package
            data, more = "models/test500-%s-ubyte", []
        self.runner.run("test pictures", [os.path.join(programs, "fashion_demo")] + network +
                        [data % "images-idx3", data % "labels-idx1"] + names + more,
                        env=self.isa_env(), live=True)


def known_isas():
    with open(os.path.join(ROOT, "src", "isa", "isa.inc"), encoding="utf-8") as file:
        return re.findall(r"^QNNP_ISA\((\w+),", file.read(), re.MULTILINE)


def parse_arguments(argv):
    parser = argparse.ArgumentParser(
        prog="configure.py", description=__doc__, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["deps", "build", "test", "bench", "demo"], metavar="VERB",
                        help="deps, build, test, bench or demo")
    phones = list(android_targets.ABIS)
    parser.add_argument("--target", default="native", metavar="NAME",
                        choices=["native", "avx512-emulated", "android"] + list(CROSS) + phones,
                        help="native (this machine); aarch64, armhf; build: %s; test: "
                        "avx512-emulated (the tests of this x86-64 machine on an emulated processor "
                        "alone), android (what a stand-in for Android's NDK can tell)" %
                        ", ".join(phones))
    parser.add_argument("--sources", metavar="FOLDER", help="android-*: holds the source folders "
                        "cpuinfo, pthreadpool, FXdiv and FP16")
    parser.add_argument("-D", dest="define", metavar="NAME=VALUE", action="append", default=[],
                        help="android-*: a variable of CMake")
    parser.add_argument("--build-type", metavar="TYPE", choices=[
        "Release", "Debug", "RelWithDebInfo", "MinSizeRel"], help="instead of Release")
    parser.add_argument("--sanitize", metavar="LIST", choices=list(SANITIZERS),
                        help="address,undefined or thread")
    parser.add_argument("--compiler", choices=["clang", "gcc"], help="default: clang 19 where the "
                        "distribution has it, else its clang, else gcc")
    parser.add_argument("--jobs", type=int, metavar="N", default=processors(),
                        help="commands and tests at a time (the processors: %(default)s)")
    parser.add_argument("--isa", metavar="NAME", help="the best instruction set that test, bench "
                        "and demo may use: " + ", ".join(known_isas()))
    parser.add_argument("--quick", action="store_true",
                        help="test: without the emulated processor; kernels may stay unexecuted; "
                        "bench --bars, --peers, --plot: fewer and shorter repetitions")
    for name, text in (("bars", "is every speed bar of bench/bars.json reached?"),
                       ("peers", "layers side by side with XNNPACK, oneDNN, gemmlowp and PyTorch's "
                        "QNNPACK, which it installs; with --bars: also the bars against them"),
                       ("plot", "a roofline plot, roofline.svg in the build folder")):
        parser.add_argument("--" + name, action="store_true", help="bench: " + text)
    parser.add_argument("--count-arm", action="store_true", help="bench: cross builds, and the "
                        "instructions that they execute under qemu, into doc/arm.md")
    for name in ("csv", "json"):
        parser.add_argument("--" + name, metavar="FILE", help="bench --peers: also to this file")
    parser.add_argument("--dry-run", action="store_true", help="print the commands, run none")
    options = parser.parse_args(argv)
    if options.isa and options.isa not in known_isas():
        parser.error("--isa %s: it must be one of %s" % (options.isa, ", ".join(known_isas())))
    for item in options.define:
        if not re.match(r"\w+(:\w+)?=", item):
            parser.error("-D %s: it must be NAME=VALUE" % item)
    options.define = dict(item.split("=", 1) for item in options.define)
    if options.define and options.target not in phones:
        parser.error("-D belongs to --target " + ", ".join(phones))
    if options.sources and options.target not in phones + ["android"]:
        parser.error("--sources belongs to --target android and " + ", ".join(phones))
    if options.target in phones and options.verb != "build":
        parser.error("--target %s: only build; see doc/cross-compiling.md" % options.target)
    if options.target == "android" and options.verb != "test":
        parser.error("--target android: only test; to build, one of " + ", ".join(phones))
    if options.jobs < 1:
        parser.error("--jobs %d: at least 1" % options.jobs)
    if options.sanitize and options.target != "native":
        parser.error("--sanitize runs on this machine: leave --target out")
    if options.verb in ("bench", "demo") and options.target != "native":
        parser.error("%s measures, which this machine alone can: leave --target out" % options.verb)
    if options.verb != "bench" and (options.bars or options.peers or options.plot or
                                    options.count_arm):
        parser.error("--bars, --peers, --plot and --count-arm belong to bench")
    if (options.csv or options.json) and not options.peers:
        parser.error("--csv and --json belong to bench --peers")
    if options.target == "avx512-emulated" and platform.machine() != "x86_64":
        parser.error("--target avx512-emulated needs a build for x86-64")
    if options.build_type == "Release":
        options.build_type = None  # the presets'
    return options


def main():
    options = parse_arguments(sys.argv[1:])
    os.chdir(ROOT)
    start = time.monotonic()
    try:
        getattr(Session(options), options.verb)()
    except Failure as failure:
        sys.stdout.flush()
        print("configure.py: %s" % str(failure).rstrip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("configure.py: interrupted", file=sys.stderr)
        return 130
    say("configure.py: %s: done in %.0f s" % (options.verb, time.monotonic() - start))
    return 0


if __name__ == "__main__":
    sys.exit(main())
