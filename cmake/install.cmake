# cmake --install: header, library, qnnpackConfig.cmake for find_package(qnnpack), qnnpack.pc for
# pkg-config. The description for CMake is written out instead of exported: pthreadpool and cpuinfo
# may have been built from source folders here, while the user of the installed library has them
# from elsewhere. It names them as -l would.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set_target_properties(qnnpack PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR})
install(TARGETS qnnpack
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
# What was built from source folders, users have from nowhere else.
foreach(name IN ITEMS cpuinfo pthreadpool)
  string(TOUPPER ${name} upper)
  if(${upper}_SOURCE_DIR)
    install(TARGETS ${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
      PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  endif()
endforeach()
if(PTHREADPOOL_SOURCE_DIR)
  install(FILES ${PTHREADPOOL_SOURCE_DIR}/include/pthreadpool.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()

# The public header includes pthreadpool.h. A static library brings its needs along.
if(BUILD_SHARED_LIBS)
  set(QNNP_LIBRARY_KIND SHARED)
  set(QNNP_NEEDED_LIBRARIES pthreadpool)
  set(QNNP_PC_LIBS "")
  set(QNNP_PC_LIBS_PRIVATE " -lpthreadpool -lcpuinfo")
  set(qnnp_prefix ${CMAKE_SHARED_LIBRARY_PREFIX})
  set(qnnp_suffix ${CMAKE_SHARED_LIBRARY_SUFFIX})
else()
  set(QNNP_LIBRARY_KIND STATIC)
  set(QNNP_NEEDED_LIBRARIES "pthreadpool;cpuinfo")
  set(QNNP_PC_LIBS " -lpthreadpool -lcpuinfo")
  set(QNNP_PC_LIBS_PRIVATE "")
  set(qnnp_prefix ${CMAKE_STATIC_LIBRARY_PREFIX})
  set(qnnp_suffix ${CMAKE_STATIC_LIBRARY_SUFFIX})
endif()
if(ANDROID AND NOT BUILD_SHARED_LIBS)  # where cpuinfo writes
  list(APPEND QNNP_NEEDED_LIBRARIES log)
  string(APPEND QNNP_PC_LIBS " -llog")
endif()
set(QNNP_LIBRARY_FILE ${qnnp_prefix}qnnpack${qnnp_suffix})

# pkg-config: relative to the prefix where the folders are, so that the tree can move.
foreach(kind IN ITEMS LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}}")
    set(QNNP_PC_${kind} ${CMAKE_INSTALL_${kind}})
  else()
    set(QNNP_PC_${kind} "\${prefix}/${CMAKE_INSTALL_${kind}}")
  endif()
endforeach()

set(qnnp_package ${CMAKE_BINARY_DIR}/package)
set(qnnp_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/qnnpack)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/qnnpackConfig.cmake.in
  ${qnnp_package}/qnnpackConfig.cmake INSTALL_DESTINATION ${qnnp_package_folder}
  PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${qnnp_package}/qnnpackConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
configure_file(${PROJECT_SOURCE_DIR}/cmake/qnnpack.pc.in ${qnnp_package}/qnnpack.pc @ONLY)
install(FILES ${qnnp_package}/qnnpackConfig.cmake ${qnnp_package}/qnnpackConfigVersion.cmake
  DESTINATION ${qnnp_package_folder})
install(FILES ${qnnp_package}/qnnpack.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# install_test installs into the build folder and uses that as a stranger would: cc, pkg-config,
# find_package.
if(QNNPACK_BUILD_TESTS AND NOT CMAKE_CROSSCOMPILING AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  find_package(PkgConfig QUIET)
  find_program(QNNP_PLAIN_CC NAMES cc gcc clang)
  if(PKG_CONFIG_FOUND AND QNNP_PLAIN_CC AND UNIX)
    add_test(NAME install_test COMMAND ${CMAKE_COMMAND}
      -D BUILD=${CMAKE_BINARY_DIR} -D SOURCE=${PROJECT_SOURCE_DIR} -D CC=${QNNP_PLAIN_CC}
      -D PKG_CONFIG=${PKG_CONFIG_EXECUTABLE} -D LIBDIR=${CMAKE_INSTALL_LIBDIR} -D NM=${CMAKE_NM}
      -D SHARED=${BUILD_SHARED_LIBS} -D "GENERATOR=${CMAKE_GENERATOR}" -P ${PROJECT_SOURCE_DIR}/test/install_test.cmake)
  endif()
endif()
