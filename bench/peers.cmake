# Other libraries for compare_bench, where this machine has them: XNNPACK, oneDNN, gemmlowp and the
# QNNPACK inside PyTorch. Debian: libxnnpack-dev libdnnl-dev libgemmlowp-dev libtorch-dev.
option(QNNPACK_BENCH_PEERS "Link the benchmarks with other libraries, where they are found" OFF)
if(NOT QNNPACK_BENCH_PEERS)
  return()
endif()

# Each is a library of its own, so that its flags and headers stay with it.
function(qnnp_peer name)
  cmake_parse_arguments(PEER "" "" "INCLUDES;LIBRARIES;OPTIONS;SOURCES" ${ARGN})
  foreach(need IN LISTS PEER_INCLUDES PEER_LIBRARIES)
    if(need MATCHES "-NOTFOUND")
      message(STATUS "Benchmarks without ${name}: it is not installed")
      return()
    endif()
  endforeach()
  add_library(qnnpack_peer_${name} STATIC peers/${name}.cc ${PEER_SOURCES})
  target_include_directories(qnnpack_peer_${name} SYSTEM PRIVATE ${PEER_INCLUDES})
  target_compile_options(qnnpack_peer_${name} PRIVATE ${PEER_OPTIONS})
  target_link_libraries(qnnpack_peer_${name} PUBLIC qnnpack_operator_bench ${PEER_LIBRARIES}
    PRIVATE qnnpack_warnings)
  target_link_libraries(compare_bench PRIVATE qnnpack_peer_${name})
  string(TOUPPER ${name} upper)
  target_compile_definitions(compare_bench PRIVATE QNNP_BENCH_${upper})
  message(STATUS "Benchmarks with ${name}")
endfunction()

find_path(XNNPACK_INCLUDE_DIR xnnpack.h)
find_library(XNNPACK_LIBRARY XNNPACK)
qnnp_peer(xnnpack INCLUDES ${XNNPACK_INCLUDE_DIR} LIBRARIES ${XNNPACK_LIBRARY}
  SOURCES peers/xnnpack_operators.cc)

# Its threads are OpenMP's, of which it shall use one.
find_path(ONEDNN_INCLUDE_DIR dnnl.hpp)
find_library(ONEDNN_LIBRARY dnnl)
find_library(GOMP_LIBRARY NAMES gomp libgomp.so.1)
qnnp_peer(onednn INCLUDES ${ONEDNN_INCLUDE_DIR} LIBRARIES ${ONEDNN_LIBRARY} ${GOMP_LIBRARY})

# Headers only, which the user's compiler makes: for the processor of this machine.
find_path(GEMMLOWP_INCLUDE_DIR public/gemmlowp.h PATH_SUFFIXES gemmlowp)
find_package(Threads)
qnnp_peer(gemmlowp INCLUDES ${GEMMLOWP_INCLUDE_DIR} LIBRARIES Threads::Threads
  OPTIONS -march=native)

find_path(PYTORCH_INCLUDE_DIR ATen/ATen.h)
find_library(TORCH_CPU_LIBRARY torch_cpu)
find_library(C10_LIBRARY c10)
qnnp_peer(pytorch INCLUDES ${PYTORCH_INCLUDE_DIR} LIBRARIES ${TORCH_CPU_LIBRARY} ${C10_LIBRARY}
  SOURCES peers/pytorch_operators.cc)
