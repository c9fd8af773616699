# Installs the library into the build folder, moves it, and builds a C99 program against it in the
# two ways of the trade: the plain C compiler with what pkg-config says, and find_package. No C++
# runtime is linked. Then the library as a part of another project, and what a shared library made
# of it would export.
cmake_minimum_required(VERSION 3.19)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT code EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "failed (${code}): ${command}\n${text}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

set(work ${BUILD}/install_test)
set(program ${SOURCE}/examples/readme_convolution.c)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/before)
file(RENAME ${work}/before ${work}/installed)
set(libraries ${work}/installed/${LIBDIR})

# pkg-config and cc. The flags are asked for as a user's makefile does.
set(ENV{PKG_CONFIG_PATH} ${libraries}/pkgconfig)
run(${PKG_CONFIG} --cflags --libs qnnpack)
string(STRIP "${output}" flags)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${CC} -std=c99 -pedantic -Wall -Wextra -Werror ${program} ${flags} -Wl,-rpath,${libraries}
  -o ${work}/with_pkg_config)
run(${work}/with_pkg_config)
set(expected "${output}")

# find_package.
file(WRITE ${work}/user/CMakeLists.txt "cmake_minimum_required(VERSION 3.19)
project(user C)
find_package(qnnpack 2.0 REQUIRED)
add_executable(with_find_package ${program})
target_link_libraries(with_find_package PRIVATE qnnpack::qnnpack)
")
# The generator of this build: the machine may have no other.
run(${CMAKE_COMMAND} -S ${work}/user -B ${work}/user/build -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${work}/installed -DCMAKE_C_COMPILER=${CC})
run(${CMAKE_COMMAND} --build ${work}/user/build)
run(${work}/user/build/with_find_package)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "two ways to link, two results:\n${expected}\n${output}")
endif()

# add_subdirectory, from a folder with a space in its name: the same target, and neither tests nor
# benchmarks. Only configured: a second library takes minutes.
file(WRITE "${work}/em bed/CMakeLists.txt" "cmake_minimum_required(VERSION 3.19)
project(embed C)
add_subdirectory(\"${SOURCE}\" qnnpack)
add_executable(embedded \"${program}\")
target_link_libraries(embedded PRIVATE qnnpack::qnnpack)
if(QNNPACK_BUILD_TESTS OR QNNPACK_BUILD_BENCHMARKS OR QNNPACK_BUILD_EXAMPLES)
  message(FATAL_ERROR \"more than the library\")
endif()
")
run(${CMAKE_COMMAND} -S "${work}/em bed" -B "${work}/em bed/build" -G ${GENERATOR}
  -DCMAKE_C_COMPILER=${CC})

# Exports: the real shared library, or one made of the static library's objects; -z defs: nothing
# else is needed.
file(GLOB library ${libraries}/libqnnpack.so)
if(NOT library)
  set(library ${work}/libqnnpack_whole.so)
  run(${CC} -shared -o ${library} -Wl,-z,defs -Wl,--whole-archive ${libraries}/libqnnpack.a
    -Wl,--no-whole-archive -lpthreadpool -lcpuinfo -lc)
endif()
run(${NM} -D --defined-only ${library})
string(REGEX MATCHALL "[^\n]+" lines "${output}")
set(exported "")
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^.* " "" symbol "${line}")
  list(APPEND exported ${symbol})
endforeach()
file(GLOB_RECURSE headers ${SOURCE}/include/*.h)
set(functions "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  string(REGEX MATCHALL "qnnp_[a-z0-9_]+\\(" some "${text}")
  list(APPEND functions ${some})
endforeach()
list(TRANSFORM functions REPLACE "\\(" "")
list(REMOVE_DUPLICATES functions)
list(SORT functions)
list(SORT exported)
if(NOT exported STREQUAL functions)
  message(FATAL_ERROR "exported:\n${exported}\nfunctions of the header:\n${functions}")
endif()
list(LENGTH exported count)
message(STATUS "${count} functions are exported, and nothing else")
