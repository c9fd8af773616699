# AArch64 Linux.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(QNNP_TRIPLET aarch64-linux-gnu)
set(QNNP_DEBIAN_ARCHITECTURE arm64)
set(QNNP_QEMU qemu-aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
