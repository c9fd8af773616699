# AArch32 Linux with hard floating point. The base is what Debian's armhf supports, ARMv7-A with
# VFPv3-D16 and no NEON: files of stronger instruction sets get their own flags (src/isa/isa.inc).
set(CMAKE_SYSTEM_PROCESSOR armv7-a)
set(QNNP_TRIPLET arm-linux-gnueabihf)
set(QNNP_DEBIAN_ARCHITECTURE armhf)
set(QNNP_QEMU qemu-arm)
include(${CMAKE_CURRENT_LIST_DIR}/debian_cross.cmake)
