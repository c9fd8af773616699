# How the shared library is linked: it shows the header's functions only, drops what they do not reach,
# and needs no C++ run time.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_link_options(qnnpack PRIVATE -nostdlib++)
endif()
if(APPLE)
  target_link_options(qnnpack PRIVATE -Wl,-dead_strip -Wl,-exported_symbol,_qnnp_*)
elseif(UNIX)
  target_link_options(qnnpack PRIVATE -Wl,--as-needed -Wl,--gc-sections -Wl,-z,noexecstack
    -Wl,-z,defs -Wl,-z,text -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
  set_property(TARGET qnnpack APPEND PROPERTY LINK_DEPENDS
    ${PROJECT_SOURCE_DIR}/cmake/exports.map)
endif()
# Android 15 has devices with pages of 16 KB; NDKs before r28 align to 4 KB. 32-bit ones stay at 4.
# (Linkers for AArch64 Linux align to 64 KB by themselves: less would not load where pages have that.)
if(ANDROID AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  target_link_options(qnnpack PRIVATE -Wl,-z,max-page-size=16384)
endif()
if(ANDROID)
  # Equal functions once (the address of a kernel says nothing), relocations in short.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -Wl,--icf=all QNNP_LINKER_FOLDS)
  # lld 19 crashes when it folds 32-bit Arm code beside our assembly.
  if(QNNP_LINKER_FOLDS AND NOT QNNP_ARCHITECTURE STREQUAL "aarch32")
    target_link_options(qnnpack PRIVATE -Wl,--icf=all)
  endif()
  if(ANDROID_PLATFORM_LEVEL AND NOT ANDROID_PLATFORM_LEVEL LESS 23)
    target_link_options(qnnpack PRIVATE -Wl,--pack-dyn-relocs=android)
  endif()
endif()
