# What the Linux cross builds share; the toolchain file of a target sets QNNP_TRIPLET,
# QNNP_DEBIAN_ARCHITECTURE and QNNP_QEMU first. Needs Debian's cross compiler g++-<triplet> (its C
# and C++ libraries serve clang, too), and the target's packages in build/sysroot/<architecture>:
# tools/target_packages.py. ./configure.py --target sees to all of it.
#   -DQNNP_CROSS_COMPILER=clang++-19 | clang++ | g++    default: the first that is installed
set(CMAKE_SYSTEM_NAME Linux)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES QNNP_CROSS_COMPILER)

if(NOT QNNP_CROSS_COMPILER)
  find_program(QNNP_CROSS_CLANG NAMES clang++-19 clang++)
  if(QNNP_CROSS_CLANG)
    get_filename_component(QNNP_CROSS_COMPILER ${QNNP_CROSS_CLANG} NAME)
  else()
    set(QNNP_CROSS_COMPILER g++)
  endif()
endif()
if(QNNP_CROSS_COMPILER MATCHES "clang")
  string(REPLACE "clang++" "clang" qnnp_cc ${QNNP_CROSS_COMPILER})
  set(CMAKE_C_COMPILER ${qnnp_cc})
  set(CMAKE_CXX_COMPILER ${QNNP_CROSS_COMPILER})
  set(CMAKE_ASM_COMPILER ${qnnp_cc})
  set(CMAKE_ASM_COMPILER_TARGET ${QNNP_TRIPLET})
  set(CMAKE_C_COMPILER_TARGET ${QNNP_TRIPLET})
  set(CMAKE_CXX_COMPILER_TARGET ${QNNP_TRIPLET})
else()
  set(CMAKE_C_COMPILER ${QNNP_TRIPLET}-gcc)
  set(CMAKE_CXX_COMPILER ${QNNP_TRIPLET}-g++)
endif()
foreach(tool IN ITEMS AR RANLIB NM OBJDUMP STRIP)
  string(TOLOWER ${tool} qnnp_tool)
  set(CMAKE_${tool} ${QNNP_TRIPLET}-${qnnp_tool} CACHE FILEPATH "")
endforeach()

get_filename_component(qnnp_sysroot
  ${CMAKE_CURRENT_LIST_DIR}/../../build/sysroot/${QNNP_DEBIAN_ARCHITECTURE} ABSOLUTE)
set(CMAKE_FIND_ROOT_PATH ${qnnp_sysroot} /usr/${QNNP_TRIPLET})
set(CMAKE_LIBRARY_ARCHITECTURE ${QNNP_TRIPLET})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# qemu's own variable QEMU_CPU chooses the processor when a test runs: cortex-a53 has no dot
# product, cortex-a76 has, max has all.
set(CMAKE_CROSSCOMPILING_EMULATOR ${QNNP_QEMU} -L ${qnnp_sysroot})
