# SPDX-License-Identifier: BSD-3-Clause
"""The machine that configure.py runs on: its commands, its packages, its compilers."""

import collections
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Failure(Exception):
    """Ends the run with a message that says what failed."""


def say(text):
    print(text, flush=True)


class Runner:
    """Runs commands: prints each before, and how it ended."""

    def __init__(self, dry_run):
        self.dry_run = dry_run

    def run(self, step, command, env=None, log=None, live=False):
        """log: the output goes to this file of build/logs; live: the program keeps the terminal."""
        settings = ["%s=%s" % item for item in sorted((env or {}).items())]
        line = " ".join([shlex.quote(word) for word in settings + command])
        say("+ " + line)
        if self.dry_run:
            return
        start, tail = time.monotonic(), collections.deque(maxlen=20)
        code = self.execute(command, env, log, live, tail)
        if code != 0:
            how = "was ended by signal %d" % -code if code < 0 else "ended with code %d" % code
            last = "".join("  | %s\n" % text for text in tail)
            raise Failure("step '%s' failed: this command %s\n  %s\n%s" % (
                step, how, line, "its last lines:\n" + last if last else ""))
        say("  %s: ok, %.0f s" % (step, time.monotonic() - start))

    @staticmethod
    def execute(command, env, log, live, tail):
        everything = dict(os.environ, **(env or {}))
        try:
            if live:
                return subprocess.run(command, cwd=ROOT, env=everything, check=False,
                                      stdin=subprocess.DEVNULL).returncode
            process = subprocess.Popen(command, cwd=ROOT, env=everything, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except OSError as error:
            tail.append(str(error))
            return 127
        if log:
            os.makedirs(os.path.join(ROOT, "build", "logs"), exist_ok=True)
            sink = open(os.path.join(ROOT, "build", "logs", log), "wb")
        else:
            sink = sys.stdout.buffer
        try:
            for line in process.stdout:
                sink.write(line)
                sink.flush()
                tail.append(line.decode(errors="replace").rstrip())
            return process.wait()
        finally:
            if process.poll() is None:  # interrupted
                process.terminate()
                process.wait()
            if log:
                sink.close()


def output_of(command):
    """A command's stdout, or None if it cannot be had."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=dict(os.environ, LC_ALL="C"),
                              check=False)
    except OSError:
        return None
    return done.stdout.decode(errors="replace")


class Packages:
    """The distribution's packages, through dpkg and apt-get."""

    def __init__(self, runner):
        self.runner, self.updated = runner, False
        self.usable = bool(shutil.which("dpkg-query") and shutil.which("apt-get"))

    def missing(self, names):
        text = output_of(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\\n"] + names)
        installed = {line.split()[-1] for line in (text or "").splitlines() if line[:2] == "ii"}
        return [name for name in names if name not in installed]

    def apt_get(self, step, arguments, log):
        command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"] + arguments
        if os.geteuid() != 0:
            if not shutil.which("sudo"):
                raise Failure("packages are missing, which only root can install, and there is no "
                              "sudo here. As root, run first: ./configure.py deps" +
                              "".join(" " + word for word in sys.argv[2:]))
            command = ["sudo"] + command
        self.runner.run(step, command, log=log)

    def update(self):
        if not self.updated:
            self.apt_get("package lists", ["-q", "update"], "apt-update.log")
            self.updated = True

    def available(self, name):
        """The distribution has it. The lists must have been updated."""
        return bool(re.search(r"Candidate: [^(\s]", output_of(["apt-cache", "policy", name]) or ""))

    def where_available(self, names):
        """Those of the packages that can be had: what they bring can be done without."""
        if self.usable and self.missing(names):
            self.update()
        return [name for name in names if not self.missing([name]) or self.available(name)]

    def install(self, names):
        if not self.usable:
            say("configure.py: no apt here; if something is missing below, install the equivalents "
                "of: " + " ".join(names))
            return
        missing = self.missing(names)
        if missing:
            self.update()
            self.apt_get("packages", ["-q", "install", "-y", "--no-install-recommends"] + missing,
                         "apt-install.log")


Compiler = collections.namedtuple("Compiler", "name cc cxx packages")
CLANG_19 = Compiler("clang 19", "clang-19", "clang++-19", ["clang-19"])
CLANG = Compiler("the distribution's clang", "clang", "clang++", ["clang"])
GCC = Compiler("gcc", "gcc", "g++", ["g++"])


def choose_compiler(wanted, packages):
    """clang 19 makes the shortest loops of the tiles; gcc 12's are within 5 % (doc/performance.md)."""
    if wanted == "gcc":
        return GCC
    if shutil.which(CLANG_19.cxx):
        return CLANG_19._replace(packages=[])
    if packages.usable:
        packages.update()
        for compiler in (CLANG_19, CLANG):
            if packages.available(compiler.packages[0]):
                return compiler
    versions = [""] + ["-%d" % version for version in range(30, 8, -1)]
    for version in versions:
        if shutil.which("clang++" + version) and shutil.which("clang" + version):
            return Compiler("clang" + version, "clang" + version, "clang++" + version, [])
    if wanted == "clang":
        raise Failure("no clang is installed here, and the distribution's packages have none")
    return GCC


def sanitizer_packages(compiler, packages):
    """The run time libraries: Debian splits them from clang."""
    if compiler.cxx == GCC.cxx:
        return []
    return packages.where_available(
        ["libclang-rt-19-dev" if compiler.cc == CLANG_19.cc else "libclang-rt-dev"])


def lacks_avx512():
    """This is an x86-64 machine whose processor cannot run the AVX512 kernels."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return False
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return False
    flags = set(re.findall(r"\S+", "".join(re.findall(r"^flags.*$", text, re.MULTILINE)[:1])))
    return not {"avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni", "avx512vbmi"} <= flags


def processors():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
