# The packages of the library: the distribution's, or source folders that the user names (cross
# builds):
#   -DCPUINFO_SOURCE_DIR=... -DPTHREADPOOL_SOURCE_DIR=... -DFP16_SOURCE_DIR=...
# Nothing is downloaded. Each becomes one target: cpuinfo, pthreadpool, fp16.
function(qnnp_dependency target header source_dir)
  if(TARGET ${target})
    return()
  endif()
  if(source_dir)
    add_subdirectory(${source_dir} ${CMAKE_BINARY_DIR}/dependencies/${target} EXCLUDE_FROM_ALL)
    return()
  endif()
  string(TOUPPER ${target} upper)
  find_path(${upper}_INCLUDE_DIR ${header})
  find_library(${upper}_LIBRARY ${target})
  if(NOT ${upper}_INCLUDE_DIR OR NOT ${upper}_LIBRARY)
    message(FATAL_ERROR "qnnpack needs ${target}: install lib${target}-dev (./configure.py deps), "
      "or give its source folder with -D${upper}_SOURCE_DIR=FOLDER")
  endif()
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${upper}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${upper}_INCLUDE_DIR})
endfunction()

set(CPUINFO_BUILD_TOOLS OFF CACHE BOOL "")
set(CPUINFO_BUILD_UNIT_TESTS OFF CACHE BOOL "")
set(CPUINFO_BUILD_MOCK_TESTS OFF CACHE BOOL "")
set(CPUINFO_BUILD_BENCHMARKS OFF CACHE BOOL "")
set(PTHREADPOOL_BUILD_TESTS OFF CACHE BOOL "")
set(PTHREADPOOL_BUILD_BENCHMARKS OFF CACHE BOOL "")
qnnp_dependency(cpuinfo cpuinfo.h "${CPUINFO_SOURCE_DIR}")
qnnp_dependency(pthreadpool pthreadpool.h "${PTHREADPOOL_SOURCE_DIR}")

# Headers only: nothing of it is needed to use the library.
if(NOT TARGET fp16)
  if(FP16_SOURCE_DIR)
    set(FP16_INCLUDE_DIR ${FP16_SOURCE_DIR}/include)
  endif()
  find_path(FP16_INCLUDE_DIR fp16.h)
  if(NOT FP16_INCLUDE_DIR)
    message(FATAL_ERROR "qnnpack needs FP16: install libfp16-dev (./configure.py deps), or give "
      "its source folder with -DFP16_SOURCE_DIR=FOLDER")
  endif()
  add_library(fp16 INTERFACE IMPORTED GLOBAL)
  set_target_properties(fp16 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${FP16_INCLUDE_DIR})
endif()
