# Stands where the NDK has build/cmake/android.toolchain.cmake: takes the same variables, ANDROID_ABI
# and ANDROID_PLATFORM, and passes what the NDK's file passes (r21 to r29 differ little), but for the
# segment alignment: 4 KB, as before r28, so that a check of 16 KB can fail. tools/android_stand_in.py
# copies it to that place beside the sysroot that it makes.
if(NOT ANDROID_ABI)
  set(ANDROID_ABI armeabi-v7a)
endif()
if(NOT ANDROID_PLATFORM)
  set(ANDROID_PLATFORM android-21)
endif()
string(REPLACE "android-" "" ANDROID_PLATFORM_LEVEL ${ANDROID_PLATFORM})
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ANDROID_ABI ANDROID_PLATFORM)
get_filename_component(ANDROID_NDK ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)

set(CMAKE_SYSTEM_NAME Android)
set(CMAKE_SYSTEM_VERSION 1)  # CMake leaves everything to this file
set(ANDROID TRUE)
set(CMAKE_ANDROID_ARCH_ABI ${ANDROID_ABI})
if(ANDROID_ABI STREQUAL "arm64-v8a")
  set(CMAKE_SYSTEM_PROCESSOR aarch64)
  set(qnnp_triple aarch64-none-linux-android)
elseif(ANDROID_ABI STREQUAL "armeabi-v7a")
  set(CMAKE_SYSTEM_PROCESSOR armv7-a)
  set(qnnp_triple armv7-none-linux-androideabi)
elseif(ANDROID_ABI STREQUAL "x86_64")
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
  set(qnnp_triple x86_64-none-linux-android)
elseif(ANDROID_ABI STREQUAL "x86")
  set(CMAKE_SYSTEM_PROCESSOR i686)
  set(qnnp_triple i686-none-linux-android)
else()
  message(FATAL_ERROR "ANDROID_ABI is ${ANDROID_ABI}: arm64-v8a, armeabi-v7a, x86_64 or x86")
endif()

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
foreach(language IN ITEMS C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET ${qnnp_triple}${ANDROID_PLATFORM_LEVEL})
endforeach()
foreach(tool IN ITEMS AR RANLIB NM READELF STRIP OBJCOPY OBJDUMP)
  string(TOLOWER ${tool} qnnp_tool)
  set(CMAKE_${tool} llvm-${qnnp_tool}-19 CACHE FILEPATH "")
endforeach()

set(CMAKE_SYSROOT ${ANDROID_NDK}/sysroot)
set(CMAKE_FIND_ROOT_PATH ${ANDROID_NDK})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_POSITION_INDEPENDENT_CODE TRUE)

set(qnnp_flags "-resource-dir ${ANDROID_NDK}/clang -g -DANDROID -fdata-sections -ffunction-sections \
-funwind-tables -fstack-protector-strong -no-canonical-prefixes -D_FORTIFY_SOURCE=2 -Wformat \
-Werror=format-security")
if(ANDROID_ABI STREQUAL "armeabi-v7a")
  string(APPEND qnnp_flags " -march=armv7-a -mthumb")
elseif(ANDROID_ABI STREQUAL "x86" AND ANDROID_PLATFORM_LEVEL LESS 24)
  string(APPEND qnnp_flags " -mstackrealign")
endif()
set(CMAKE_C_FLAGS_INIT "${qnnp_flags}")
set(CMAKE_ASM_FLAGS_INIT "${qnnp_flags}")
set(CMAKE_CXX_FLAGS_INIT
  "${qnnp_flags} -nostdinc++ -isystem ${ANDROID_NDK}/sysroot/usr/include/c++/v1")
set(qnnp_link "-fuse-ld=lld-19 -rtlib=compiler-rt -unwindlib=libunwind -static-libstdc++ \
-Wl,--build-id=sha1 -Wl,--no-rosegment -Wl,--fatal-warnings -Wl,--no-undefined \
-Wl,--no-undefined-version -Qunused-arguments -Wl,-z,max-page-size=4096")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${qnnp_link}")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "${qnnp_link}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${qnnp_link} -Wl,--gc-sections")
set(CMAKE_C_STANDARD_LIBRARIES_INIT "-latomic -lm")
set(CMAKE_CXX_STANDARD_LIBRARIES_INIT "-latomic -lm")
