# core_test on phones with eight cores, as qemu shows them: /proc/cpuinfo and /sys of a folder of the
# build, libraries of the cross build's sysroot. PARTS are eight numbers of Arm's processor parts.
if(NOT CMAKE_CROSSCOMPILING OR NOT QNNP_QEMU)
  return()
endif()

function(qnnp_add_phone_test name expected)
  set(root ${CMAKE_BINARY_DIR}/phones/${name})
  set(cpus ${root}/sys/devices/system/cpu)
  file(REMOVE_RECURSE ${root})
  file(MAKE_DIRECTORY ${root}/proc)
  foreach(folder IN ITEMS lib usr)
    file(CREATE_LINK ${qnnp_sysroot}/${folder} ${root}/${folder} SYMBOLIC)
  endforeach()
  file(WRITE ${cpus}/possible "0-7\n")
  file(WRITE ${cpus}/present "0-7\n")
  set(text "")
  set(number 0)
  foreach(part IN LISTS ARGN)
    string(APPEND text "processor\t: ${number}\nBogoMIPS\t: 38.40\n"
      "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt fp asimd evtstrm crc32\n"
      "CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: ${part}\n"
      "CPU revision\t: 4\n\n")
    if(number LESS 4)
      file(WRITE ${cpus}/cpu${number}/cpufreq/cpuinfo_max_freq "1800000\n")
      file(WRITE ${cpus}/cpu${number}/topology/core_siblings_list "0-3\n")
      file(WRITE ${cpus}/cpu${number}/topology/physical_package_id "0\n")
    else()
      file(WRITE ${cpus}/cpu${number}/cpufreq/cpuinfo_max_freq "2400000\n")
      file(WRITE ${cpus}/cpu${number}/topology/core_siblings_list "4-7\n")
      file(WRITE ${cpus}/cpu${number}/topology/physical_package_id "1\n")
    endif()
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${root}/proc/cpuinfo "${text}")
  add_test(NAME core_test_${name} COMMAND ${QNNP_QEMU} -L ${root} $<TARGET_FILE:core_test>)
  set_tests_properties(core_test_${name} PROPERTIES ENVIRONMENT QNNP_TEST_CORE=${expected})
endfunction()

# Cortex-A53 is 0xd03, A55 0xd05, A73 0xd09, A76 0xd0b.
qnnp_add_phone_test(eight_small in_order 0xd03 0xd03 0xd03 0xd03 0xd03 0xd03 0xd03 0xd03)
qnnp_add_phone_test(small_of_two_kinds in_order 0xd03 0xd03 0xd03 0xd03 0xd05 0xd05 0xd05 0xd05)
qnnp_add_phone_test(four_small_four_large any 0xd03 0xd03 0xd03 0xd03 0xd09 0xd09 0xd09 0xd09)
qnnp_add_phone_test(small_and_large_with_dot any 0xd05 0xd05 0xd05 0xd05 0xd0b 0xd0b 0xd0b 0xd0b)
