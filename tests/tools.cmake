# The command line and its reports. The scenarios here are small: everything is fast.

find_package(nlohmann_json REQUIRED)

# What the tests of the reports and of the command line have in common. One set of definitions, so that
# one precompiled header does for both.
add_library(heddle_golden STATIC ${CMAKE_CURRENT_LIST_DIR}/golden/golden.cpp)
target_link_libraries(heddle_golden PUBLIC heddle_settings GTest::gmock)
target_compile_definitions(heddle_golden PUBLIC
  HEDDLE_TOOL="$<TARGET_FILE:heddle_tool>"
  HEDDLE_TEST_ROOT="${PROJECT_SOURCE_DIR}")

# main() comes from GoogleTest, so it must stand before heddle_cli, which has one as well.
function(heddle_tool_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE GTest::gmock_main ${TEST_USES} heddle_golden heddle::heddle
    nlohmann_json::nlohmann_json)
  # Traces name files relative to the project.
  target_compile_options(${name} PRIVATE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  # GCC 12 with -fsanitize sees uninitialised members in std::regex (GCC bug 105562).
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${name} PRIVATE -Wno-maybe-uninitialized)
  endif()
  gtest_discover_tests(${name} PROPERTIES LABELS fast)
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/report/*.cpp)
heddle_tool_test(report_test SOURCES ${sources} USES heddle_report)
target_precompile_headers(report_test PRIVATE <gmock/gmock.h> <nlohmann/json.hpp>)

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/cli/*.cpp)
heddle_tool_test(cli_test SOURCES ${sources} USES heddle_cli heddle_report)
target_precompile_headers(cli_test REUSE_FROM report_test)
add_dependencies(cli_test heddle_tool)

add_test(NAME tidy COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/tidy/tidy_test.py
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(tidy PROPERTIES LABELS fast ENVIRONMENT CXX=${CMAKE_CXX_COMPILER})
