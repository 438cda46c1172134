# heddle_add_scenarios(TARGET SOURCES FILE...)
#
# Makes scenarios, files that register themselves as heddle/scenario.hpp says, into
#   TARGET        a command line with everything the command `heddle` has, for these scenarios;
#   TARGET_test   a program of GoogleTest tests, one per scenario, each judged by the verdict that the scenario
#                 declares. CTest knows them by the names of the scenarios. Only where GoogleTest is found and
#                 enable_testing() was called.
# Traces name the files relative to the directory of the calling CMakeLists.txt.

# Traces name the files of the target relative to the directory, and reports look for their text there.
function(heddle_name_sources_below target directory)
  target_compile_options(${target} PRIVATE -ffile-prefix-map=${directory}/=)
  set(file ${CMAKE_CURRENT_BINARY_DIR}/${target}_source_root.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT
    "#include <heddle/scenario.hpp>\n\nstatic const heddle::SourceRoot root{\"${directory}\"};\n" @ONLY)
  target_sources(${target} PRIVATE ${file})
endfunction()

function(heddle_add_scenarios target)
  cmake_parse_arguments(SCENARIOS "" "" "SOURCES" ${ARGN})
  if(NOT SCENARIOS_SOURCES)
    message(FATAL_ERROR "heddle_add_scenarios(${target}): SOURCES is missing or empty")
  endif()
  # Object files: each registers itself before main(), so none may be left out of a link.
  add_library(${target}_objects OBJECT ${SCENARIOS_SOURCES})
  target_link_libraries(${target}_objects PUBLIC heddle::heddle)
  heddle_name_sources_below(${target}_objects ${CMAKE_CURRENT_SOURCE_DIR})
  add_executable(${target} $<TARGET_OBJECTS:${target}_objects>)
  target_link_libraries(${target} PRIVATE heddle::cli heddle::heddle)
  if(NOT TARGET heddle::gtest OR NOT CMAKE_TESTING_ENABLED)
    return()
  endif()
  get_target_property(without_gtest heddle::gtest EXCLUDE_FROM_ALL)
  if(without_gtest)
    return()
  endif()
  add_executable(${target}_test ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/scenario_tests.cpp $<TARGET_OBJECTS:${target}_objects>)
  target_link_libraries(${target}_test PRIVATE heddle::gtest heddle::heddle)
  include(GoogleTest)
  gtest_discover_tests(${target}_test TEST_PREFIX ${target}:)
endfunction()
