# The command line and its reports. The scenarios here are small: everything is fast.

find_package(nlohmann_json REQUIRED)

# What the tests of the reports and of the command line have in common, with one precompiled header for all.
set(tool_tests ${CMAKE_CURRENT_LIST_DIR})
add_library(heddle_tool_testing STATIC ${tool_tests}/cli/subprocess.cpp ${tool_tests}/cli/tool.cpp
  ${tool_tests}/golden/golden.cpp ${tool_tests}/report/kinds.cpp)
target_link_libraries(heddle_tool_testing PUBLIC heddle_test_settings heddle::heddle GTest::gmock
  nlohmann_json::nlohmann_json)
target_compile_definitions(heddle_tool_testing PUBLIC
  HEDDLE_TOOL="$<TARGET_FILE:heddle_tool>"
  HEDDLE_HISTORIES="$<TARGET_FILE:heddle_histories>"
  HEDDLE_TEST_ROOT="${PROJECT_SOURCE_DIR}")
# Traces name files relative to the project. What is to be sanitized is the tool and the reports, not what looks at
# their output.
target_compile_options(heddle_tool_testing PUBLIC -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -fno-sanitize=all)
target_precompile_headers(heddle_tool_testing PRIVATE <gmock/gmock.h> <nlohmann/json.hpp>)

# heddle_tool_test(NAME USES LIBRARY... LABEL CTEST_LABEL [SLOW TEST...]): the tests in the directory NAME, with the
# label CTEST_LABEL, or with the label slow if they are named after SLOW.
# main() comes from GoogleTest, so it must stand before heddle_cli, which has one as well.
function(heddle_tool_test name)
  cmake_parse_arguments(TEST "" "LABEL" "USES;SLOW" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${tool_tests}/${name}/*_test.cpp)
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE GTest::gmock_main ${TEST_USES} heddle_tool_testing)
  target_precompile_headers(${name}_test REUSE_FROM heddle_tool_testing)
  add_dependencies(${name}_test heddle_tool)
  list(JOIN TEST_SLOW : slow)
  gtest_discover_tests(${name}_test TEST_FILTER "-${slow}" PROPERTIES LABELS ${TEST_LABEL})
  if(TEST_SLOW)
    gtest_discover_tests(${name}_test TEST_FILTER "${slow}" TEST_LIST slow_${name}_test PROPERTIES LABELS slow)
  endif()
endfunction()

heddle_tool_test(report USES heddle_report LABEL fast)
heddle_tool_test(cli USES heddle_cli heddle_report LABEL fast
  # Each goes through all scenarios. One that does is enough with sanitizers: CheckTest.AllChecksEveryScenario.
  SLOW CheckTest.TwoRunsSayTheSame CheckTest.EveryLineButTokensFitsEightyColumns CheckTest.EveryScenarioIsAsDeclared
    JsonTest.* ModelsTest.EveryTokenOfAWeakModelIsReplayed ShowTest.WorksForEveryScenario
    TokenTest.EveryTokenOfEveryReportReplays TokenTest.EveryTokenOfEveryTextReportReplays)
add_executable(heddle_histories ${tool_tests}/cli/histories.cpp)
target_link_libraries(heddle_histories PRIVATE heddle_test_settings heddle_cli heddle::heddle)
add_dependencies(cli_test heddle_histories)
# In an executable of their own, so that a second compiler has no more to build than what it takes to compare.
heddle_tool_test(golden USES heddle_report LABEL golden)

add_test(NAME tidy COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/tidy/tidy_test.py
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
set_tests_properties(tidy PROPERTIES LABELS slow ENVIRONMENT CXX=${CMAKE_CXX_COMPILER})
