# What is installed, and how others find it: find_package(heddle), pkg-config heddle, and packages by CPack.
# The component `tool` is the command with the bundled scenarios, `dev` what a test or a scenario is built with.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS heddle_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
# Traces and `heddle show` show them.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/heddle COMPONENT tool
  FILES_MATCHING PATTERN "*.cpp")

set(layers core memory sync machine explore detect verify frontend native report cli)
list(TRANSFORM layers PREPEND heddle_)
get_target_property(without_gtest heddle_gtest EXCLUDE_FROM_ALL)
if(NOT without_gtest)
  list(APPEND layers heddle_gtest)
endif()
install(TARGETS heddle heddle_settings ${layers} EXPORT heddle
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

set(config ${CMAKE_INSTALL_LIBDIR}/cmake/heddle)
install(EXPORT heddle NAMESPACE heddle:: FILE heddleTargets.cmake DESTINATION ${config} COMPONENT dev)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/heddleConfig.cmake.in heddleConfig.cmake
  INSTALL_DESTINATION ${config})
write_basic_package_version_file(heddleConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heddleConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/heddleConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/heddle_add_scenarios.cmake ${PROJECT_SOURCE_DIR}/cmake/scenario_tests.cpp
  DESTINATION ${config} COMPONENT dev)

configure_file(${PROJECT_SOURCE_DIR}/cmake/heddle.pc.in heddle.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heddle.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_CONTACT "the Heddle developers <heddle@example.org>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_COMPONENTS_ALL tool dev)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_TOOL_PACKAGE_NAME heddle)
  set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_DEV_PACKAGE_NAME libheddle-dev)
  set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "g++, libboost-context-dev, libcli11-dev, nlohmann-json3-dev")
  set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "libgtest-dev, libgmock-dev, cmake, pkg-config")
  include(CPack)
endif()
