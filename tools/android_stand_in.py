#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes a folder that looks like Android's NDK to a build, where there is none: to check that the
library builds for Android's ABIs.

    tools/android_stand_in.py build/android/ndk

It is no NDK, and nothing built with it was ever run on Android. From Debian's packages for the four
architectures come musl's C headers (for bionic's), libc++'s headers, the kernel's headers and
compiler-rt's builtins; the compiler is this machine's clang 19. Bionic's libraries are stubs without
code that have the functions of tools/android_symbols.txt, a set for each API level: a function that
the level lacks does not link. Nothing is done if the folder is up to date.
"""

import argparse
import collections
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import target_packages

HERE = os.path.dirname(os.path.abspath(__file__))
SYMBOLS = os.path.join(HERE, "android_symbols.txt")
TOOLCHAIN = os.path.join(HERE, "..", "cmake", "android_stand_in.toolchain.cmake")
PACKAGES = ["musl-dev", "linux-libc-dev", "libc++-19-dev", "libclang-rt-19-dev"]
LEVELS = [21, 24]

# ABI -> Debian's architecture, Android's triple, musl's triple, compiler-rt's name there and here.
Abi = collections.namedtuple("Abi", "debian triple musl builtins android_builtins")
ABIS = {
    "arm64-v8a": Abi("arm64", "aarch64-linux-android", "aarch64-linux-musl", "aarch64", "aarch64"),
    "armeabi-v7a": Abi("armhf", "arm-linux-androideabi", "arm-linux-musleabihf", "armhf", "arm"),
    "x86_64": Abi("amd64", "x86_64-linux-android", "x86_64-linux-musl", "x86_64", "x86_64"),
    "x86": Abi("i386", "i686-linux-android", "i386-linux-musl", "i386", "i686"),
}

# What the NDK's headers have and musl's have not, as far as cpuinfo needs it.
ANDROID_HEADERS = {
    "android/log.h": """#pragma once
#include <stdarg.h>
typedef enum {
  ANDROID_LOG_UNKNOWN, ANDROID_LOG_DEFAULT, ANDROID_LOG_VERBOSE, ANDROID_LOG_DEBUG,
  ANDROID_LOG_INFO, ANDROID_LOG_WARN, ANDROID_LOG_ERROR, ANDROID_LOG_FATAL, ANDROID_LOG_SILENT
} android_LogPriority;
int __android_log_write(int, const char*, const char*);
int __android_log_print(int, const char*, const char*, ...);
int __android_log_vprint(int, const char*, const char*, va_list);
""",
    "sys/system_properties.h": """#pragma once
#define PROP_VALUE_MAX 92
int __system_property_get(const char* name, char* value);
""",
}
# Symbols that musl's headers call otherwise: errno; on 32-bit systems what involves the time.
DIFFERENCES = [("errno.h", "__errno_location", "__errno"),
               ("bits/alltypes.h", "_REDIR_TIME64 1", "_REDIR_TIME64 0")]


def read_symbols(path=SYMBOLS):
    """library -> {name: (first API level, it is data)}"""
    libraries = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            library, _, names = line.partition(":")
            for word in names.split():
                found = re.fullmatch(r"(\w+)(\*?)(?:=(\d+))?", word)
                if not found or found.group(1) in libraries[library]:
                    raise ValueError("%s:%d: %s" % (path, number, word))
                libraries[library][found.group(1)] = (int(found.group(3) or 1),
                                                      bool(found.group(2)))
    return libraries


def run(*command):
    code, text = target_packages.run(list(command))
    if code != 0:
        sys.exit("android_stand_in: %s\n%s" % (" ".join(command), text))


def merge(source, destination):
    if not os.path.isdir(source):
        sys.exit("android_stand_in: the packages have no %s" % source)
    shutil.copytree(source, destination, dirs_exist_ok=True, symlinks=True)


def unpack(abi, destination):
    """Headers and builtins of one ABI."""
    with tempfile.TemporaryDirectory(prefix="android-stand-in-") as folder:
        target_packages.download(abi.debian, folder, PACKAGES)
        root = os.path.join(folder, "root")
        for package in sorted(glob.glob(os.path.join(folder, "debs", "*.deb"))):
            run("dpkg-deb", "-x", package, root)
        include = os.path.join(destination, "sysroot", "usr", "include", abi.triple)
        merge(os.path.join(root, "usr", "include", abi.musl), include)
        for name in ("linux", "asm-generic"):
            merge(os.path.join(root, "usr", "include", name), os.path.join(include, name))
        merge(glob.glob(os.path.join(root, "usr", "include", "*-linux-gnu*", "asm"))[0],
              os.path.join(include, "asm"))
        for name, before, after in DIFFERENCES:
            path = os.path.join(include, name)
            with open(path, encoding="utf-8") as file:
                text = file.read().replace(before, after)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        for name, text in ANDROID_HEADERS.items():
            os.makedirs(os.path.dirname(os.path.join(include, name)), exist_ok=True)
            with open(os.path.join(include, name), "w", encoding="utf-8") as file:
                file.write(text)
        merge(os.path.join(root, "usr", "lib", "llvm-19", "include", "c++", "v1"),
              os.path.join(destination, "sysroot", "usr", "include", "c++", "v1"))
        builtins = glob.glob(os.path.join(root, "usr", "lib", "llvm-19", "lib", "clang", "19", "lib",
                                          "*", "libclang_rt.builtins-%s.a" % abi.builtins))
        if len(builtins) != 1:
            sys.exit("android_stand_in: builtins of %s: %s" % (abi.debian, builtins))
        folder = os.path.join(destination, "clang", "lib", "linux")
        os.makedirs(folder, exist_ok=True)
        target = os.path.join(folder, "libclang_rt.builtins-%s-android.a" % abi.android_builtins)
        shutil.copy(builtins[0], target)
        if abi.debian == "armhf":
            # Debian passes floats in registers of their own, Android does not. The helpers that the
            # compiler calls are the same in both, but the linker compares what files declare.
            run("llvm-objcopy-19", "--remove-section=.ARM.attributes", target)


def make_stubs(abi, libraries, destination):
    """Libraries for each API level, and the files that the compiler puts before and after."""
    usr_lib = os.path.join(destination, "sysroot", "usr", "lib", abi.triple)
    for level in LEVELS:
        folder = os.path.join(usr_lib, str(level))
        os.makedirs(folder)
        compiler = ["clang-19", "--target=%s%d" % (abi.triple, level)]
        for library, symbols in libraries.items():
            stub = os.path.join(folder, library)
            with open(stub + ".s", "w", encoding="utf-8") as file:
                for name, (first, data) in symbols.items():
                    if first <= level:
                        kind = "object" if data else "function"
                        file.write("\t.globl %s\n\t.type %s, %%%s\n\t.size %s, 8\n%s:\n\t.quad 0\n"
                                   % (name, name, kind, name, name))
            run(*compiler, "-c", stub + ".s", "-o", stub + ".o")
            run("ld.lld-19", "-shared", "-soname", "lib%s.so" % library, stub + ".o", "-o",
                os.path.join(folder, "lib%s.so" % library))
        for name in ("crtbegin_so", "crtbegin_dynamic", "crtend_so", "crtend_android"):
            with open(os.path.join(folder, name + ".c"), "w", encoding="utf-8") as file:
                if name.startswith("crtbegin"):
                    file.write('__attribute__((visibility("hidden"))) void* __dso_handle = 0;\n')
                if name == "crtbegin_dynamic":
                    file.write("int main(void);\nvoid _start(void) { main(); }\n")
            run(*compiler, "-c", os.path.join(folder, name + ".c"), "-o",
                os.path.join(folder, name + ".o"))
        for path in glob.glob(os.path.join(folder, "*.[cs]")):
            os.remove(path)
    # libc++ stays empty: what needs it does not link.
    for name in ("libatomic.a", "libunwind.a", "libc++.a", "libc++abi.a"):
        run("llvm-ar-19", "rcs", os.path.join(usr_lib, name))


def recipe():
    """What the folder follows from."""
    text = ""
    for path in (os.path.abspath(__file__), SYMBOLS, TOOLCHAIN):
        with open(path, encoding="utf-8") as file:
            text += file.read()
    return text


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    options = parser.parse_args()
    destination = os.path.abspath(options.folder)
    stamp = os.path.join(destination, "recipe")
    if os.path.exists(stamp):
        with open(stamp, encoding="utf-8") as file:
            if file.read() == recipe():
                return 0
    shutil.rmtree(destination, ignore_errors=True)
    os.makedirs(destination)
    libraries = read_symbols()
    for abi in ABIS.values():
        unpack(abi, destination)
        make_stubs(abi, libraries, destination)
    headers = subprocess.run(["clang-19", "-print-resource-dir"], stdout=subprocess.PIPE,
                             check=True, universal_newlines=True).stdout.strip()
    os.symlink(os.path.join(headers, "include"), os.path.join(destination, "clang", "include"))
    os.makedirs(os.path.join(destination, "build", "cmake"))
    shutil.copy(TOOLCHAIN, os.path.join(destination, "build", "cmake", "android.toolchain.cmake"))
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(recipe())
    print("android_stand_in: %s stands in for an NDK: %s, API levels %s" % (
        options.folder, ", ".join(ABIS), ", ".join(map(str, LEVELS))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
