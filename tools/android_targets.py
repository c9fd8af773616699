# SPDX-License-Identifier: BSD-3-Clause
"""./configure.py build --target android-...: what CMake is told, and what is missing for it."""

import os
import shutil

# Target -> Android's name of the ABI.
ABIS = {
    "android-arm64": "arm64-v8a",
    "android-armv7": "armeabi-v7a",
    "android-x86_64": "x86_64",
    "android-x86": "x86",
}
# CMake's variable -> the names that the folder may have in --sources.
SOURCES = {
    "CPUINFO_SOURCE_DIR": ["cpuinfo"],
    "PTHREADPOOL_SOURCE_DIR": ["pthreadpool"],
    "FXDIV_SOURCE_DIR": ["FXdiv", "fxdiv"],
    "FP16_SOURCE_DIR": ["FP16", "fp16"],
}
TOOLCHAIN = os.path.join("build", "cmake", "android.toolchain.cmake")


def find_ndk(environment):
    for name in ("ANDROID_NDK", "ANDROID_NDK_HOME", "ANDROID_NDK_ROOT"):
        if environment.get(name):
            return name, environment[name]
    return "ANDROID_NDK", ""


def definitions(target, environment, given, sources):
    """CMake's variables. given: those of the command line (-D), which win. sources: the folder that
    holds the source folders, or None."""
    values = {
        "CMAKE_TOOLCHAIN_FILE": os.path.join(find_ndk(environment)[1], TOOLCHAIN),
        "ANDROID_ABI": ABIS[target],
        "ANDROID_PLATFORM": "android-24",
        "CMAKE_BUILD_TYPE": "Release",
    }
    for variable, names in SOURCES.items():
        if environment.get(variable):
            values[variable] = environment[variable]
        elif sources:
            for name in names:
                folder = os.path.join(os.path.abspath(sources), name)
                if os.path.isdir(folder):
                    values[variable] = folder
    values.update(given)
    return values


def missing(values, environment, which=shutil.which):
    """One sentence for each thing that the build lacks."""
    problems = []
    for program, package in (("cmake", "cmake"), ("ninja", "ninja-build")):
        if not which(program):
            problems.append("%s is not installed (Debian's package: %s)." % (program, package))
    name, ndk = find_ndk(environment)
    if not ndk:
        problems.append("ANDROID_NDK is not set: it must name the folder of Android's NDK.")
    elif not os.path.exists(os.path.join(ndk, TOOLCHAIN)):
        problems.append("%s is '%s': there is no %s in it." % (name, ndk, TOOLCHAIN))
    if values.get("QNNPACK_FETCH_DEPENDENCIES", "OFF").upper() in ("ON", "1", "TRUE", "YES"):
        return problems
    lacking = []
    for variable, names in SOURCES.items():
        folder = values.get(variable)
        if not folder:
            lacking.append((variable, names[0]))
        elif not os.path.isdir(folder):
            problems.append("%s is '%s': there is no such folder." % (variable, folder))
    if lacking:
        problems.append(
            "The sources of %s are missing. Give their folders (%s), or the folder that holds them "
            "(--sources FOLDER), or let them be downloaded (-DQNNPACK_FETCH_DEPENDENCIES=ON)." % (
                ", ".join(name for _, name in lacking),
                " ".join("-D%s=FOLDER" % variable for variable, _ in lacking)))
    return problems


def commands(target, values, jobs):
    """CMake's two calls."""
    folder = os.path.join("build", target)
    configure = ["cmake", "-S", ".", "-B", folder, "-G", "Ninja"]
    configure += ["-D%s=%s" % item for item in values.items()]
    return configure, ["cmake", "--build", folder, "--parallel", str(jobs)]
