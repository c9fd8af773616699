# What the library needs: cpuinfo, pthreadpool and FP16 (headers only). Each becomes one target:
# cpuinfo, pthreadpool, fp16. A project around this one may have made them already; else they are
# - source folders that the user names, as cross builds do. pthreadpool's sources need FXdiv (headers):
#     -DCPUINFO_SOURCE_DIR=... -DPTHREADPOOL_SOURCE_DIR=... -DFXDIV_SOURCE_DIR=... -DFP16_SOURCE_DIR=...
# - downloaded, with -DQNNPACK_FETCH_DEPENDENCIES=ON and not otherwise;
# - what the distribution has packaged.
option(QNNPACK_FETCH_DEPENDENCIES "Download cpuinfo, pthreadpool, FXdiv and FP16" OFF)
foreach(name IN ITEMS CPUINFO PTHREADPOOL FXDIV FP16)
  set(${name}_SOURCE_DIR "" CACHE PATH "Source folder of ${name}, instead of its package")
endforeach()

# The versions that Android's ABIs were built with here (doc/cross-compiling.md). git compares what
# it gets with the commit, which is a hash.
function(qnnp_fetch name repository commit)
  if(NOT QNNPACK_FETCH_DEPENDENCIES OR ${name}_SOURCE_DIR)
    return()
  endif()
  include(FetchContent)
  string(TOLOWER qnnp_${name} content)
  FetchContent_Declare(${content} GIT_REPOSITORY ${repository} GIT_TAG ${commit}
    SOURCE_SUBDIR none)  # only the files: they are added below
  FetchContent_MakeAvailable(${content})
  set(${name}_SOURCE_DIR ${${content}_SOURCE_DIR} PARENT_SCOPE)
endfunction()
if(NOT TARGET cpuinfo)
  qnnp_fetch(CPUINFO https://github.com/pytorch/cpuinfo.git
    d6108819d1d41c749b076e250be454c4559cb771)
endif()
if(NOT TARGET pthreadpool)
  qnnp_fetch(PTHREADPOOL https://github.com/google/pthreadpool.git
    0e6ca13779b57d397a5ba6bfdcaa8a275bc8ea2e)
  qnnp_fetch(FXDIV https://github.com/Maratyszcza/FXdiv.git
    63058eff77e11aa15bf531df5dd34395ec3017c8)
endif()
if(NOT TARGET fp16)
  qnnp_fetch(FP16 https://github.com/Maratyszcza/FP16.git
    782eea126dc5c755827be751a099eb01826175cf)
endif()

set(qnnp_missing "")

# A target of headers: of the source folder, or of the package.
function(qnnp_headers target header)
  if(TARGET ${target})
    return()
  endif()
  string(TOUPPER ${target} upper)
  if(${upper}_SOURCE_DIR)
    set(${upper}_INCLUDE_DIR ${${upper}_SOURCE_DIR}/include)
    if(NOT EXISTS ${${upper}_INCLUDE_DIR}/${header})
      message(FATAL_ERROR "${upper}_SOURCE_DIR is '${${upper}_SOURCE_DIR}': there is no "
        "include/${header} in it")
    endif()
  endif()
  find_path(${upper}_INCLUDE_DIR ${header})
  if(${upper}_INCLUDE_DIR)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES ${${upper}_INCLUDE_DIR})
  else()
    set(qnnp_missing ${qnnp_missing} ${target} PARENT_SCOPE)
  endif()
endfunction()

function(qnnp_library target header)
  if(TARGET ${target})
    return()
  endif()
  string(TOUPPER ${target} upper)
  if(${upper}_SOURCE_DIR)
    if(NOT EXISTS ${${upper}_SOURCE_DIR}/CMakeLists.txt)
      message(FATAL_ERROR "${upper}_SOURCE_DIR is '${${upper}_SOURCE_DIR}': there is no "
        "CMakeLists.txt in it")
    endif()
    add_subdirectory(${${upper}_SOURCE_DIR} ${CMAKE_BINARY_DIR}/dependencies/${target}
      EXCLUDE_FROM_ALL)
    if(QNNPACK_SMALL)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Oz>)
    endif()
    return()
  endif()
  find_path(${upper}_INCLUDE_DIR ${header})
  find_library(${upper}_LIBRARY ${target})
  if(${upper}_INCLUDE_DIR AND ${upper}_LIBRARY)
    add_library(${target} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${upper}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${${upper}_INCLUDE_DIR})
  else()
    set(qnnp_missing ${qnnp_missing} ${target} PARENT_SCOPE)
  endif()
endfunction()

# Static also where qnnpack is shared: one file to ship. Users who want pthreadpool as a library of
# its own say -DPTHREADPOOL_LIBRARY_TYPE=shared.
foreach(name IN ITEMS CPUINFO PTHREADPOOL)
  set(${name}_LIBRARY_TYPE static CACHE STRING "static, shared or default")
endforeach()
foreach(what IN ITEMS TOOLS UNIT_TESTS MOCK_TESTS BENCHMARKS PKG_CONFIG)
  set(CPUINFO_BUILD_${what} OFF CACHE BOOL "")
endforeach()
foreach(what IN ITEMS TESTS BENCHMARKS)
  set(PTHREADPOOL_BUILD_${what} OFF CACHE BOOL "")
endforeach()

qnnp_library(cpuinfo cpuinfo.h)
if(PTHREADPOOL_SOURCE_DIR AND EXISTS ${PTHREADPOOL_SOURCE_DIR}/CMakeLists.txt)
  # Before its own CMakeLists.txt would download them.
  file(STRINGS ${PTHREADPOOL_SOURCE_DIR}/CMakeLists.txt qnnp_wants_fxdiv REGEX "FXDIV_SOURCE_DIR")
  if(qnnp_wants_fxdiv)
    qnnp_headers(fxdiv fxdiv.h)
  endif()
endif()
if(NOT "fxdiv" IN_LIST qnnp_missing)
  qnnp_library(pthreadpool pthreadpool.h)
endif()
qnnp_headers(fp16 fp16.h)  # nothing of it is needed to use the library

if(qnnp_missing)
  string(REPLACE ";" ", " qnnp_names "${qnnp_missing}")
  set(qnnp_folders "")
  set(qnnp_packages "")
  foreach(name IN LISTS qnnp_missing)
    string(TOUPPER ${name} upper)
    string(APPEND qnnp_folders " -D${upper}_SOURCE_DIR=FOLDER")
    string(APPEND qnnp_packages " lib${name}-dev")
  endforeach()
  if(CMAKE_CROSSCOMPILING)
    set(qnnp_packages "")
  else()
    set(qnnp_packages "install${qnnp_packages} (./configure.py deps), or ")
  endif()
  message(FATAL_ERROR "qnnpack needs ${qnnp_names}, not found for ${CMAKE_SYSTEM_NAME} "
    "${CMAKE_SYSTEM_PROCESSOR}: ${qnnp_packages}give source folders:${qnnp_folders}, or let them "
    "be downloaded: -DQNNPACK_FETCH_DEPENDENCIES=ON (doc/cross-compiling.md)")
endif()
