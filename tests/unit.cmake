# The unit tests mirror checker/: tests/core tests checker/core, and so on. They are few executables,
# because linking and the headers of GoogleTest cost more than the tests; CTest runs each test in a process of its own.
set(unit_tests ${CMAKE_CURRENT_LIST_DIR})

file(GLOB unit_sources CONFIGURE_DEPENDS ${unit_tests}/core/*.cpp ${unit_tests}/sync/*.cpp ${unit_tests}/machine/*.cpp
  ${unit_tests}/explore/*.cpp ${unit_tests}/detect/*.cpp ${unit_tests}/verify/*.cpp)
add_executable(unit_test ${unit_sources})
target_link_libraries(unit_test PRIVATE heddle_test_settings heddle::heddle GTest::gmock_main)
target_precompile_headers(unit_test PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
set_target_properties(unit_test PROPERTIES UNITY_BUILD "${HEDDLE_MERGE_SOURCES}" UNITY_BUILD_BATCH_SIZE 6)
gtest_discover_tests(unit_test NO_PRETTY_VALUES PROPERTIES LABELS fast TIMEOUT 120)

# What does not compile says why.
add_test(NAME refused/std_stop_token COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only
  -I${PROJECT_SOURCE_DIR}/include ${unit_tests}/refused/std_stop_token.cpp)
set_tests_properties(refused/std_stop_token PROPERTIES LABELS fast
  PASS_REGULAR_EXPRESSION "takes a heddle::stop_token, not a std::stop_token")

# Native runs are processes: forked, crashing and hanging on purpose.
add_executable(native_test ${unit_tests}/native/comparison_test.cpp ${unit_tests}/native/fault_test.cpp
  ${unit_tests}/native/model_test.cpp ${unit_tests}/native/record_test.cpp ${unit_tests}/native/run_test.cpp
  $<TARGET_OBJECTS:heddle_scenarios>)
target_link_libraries(native_test PRIVATE heddle_test_settings heddle::heddle GTest::gmock_main)
target_precompile_headers(native_test REUSE_FROM unit_test)
gtest_discover_tests(native_test NO_PRETTY_VALUES TEST_FILTER -EveryScenario.* PROPERTIES LABELS fast TIMEOUT 120)
gtest_discover_tests(native_test NO_PRETTY_VALUES TEST_FILTER EveryScenario.* TEST_LIST native_scenarios
  PROPERTIES LABELS slow TIMEOUT 120)

# With sanitizers the headers are most of what there is to compile. The other builds notice when one is not included.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  target_precompile_headers(heddle_scenarios PRIVATE <heddle/atomic.hpp> <heddle/condition_variable.hpp>
    <heddle/expect.hpp> <heddle/mutex.hpp> <heddle/scenario.hpp> <heddle/thread.hpp> <vector>)
endif()

# With ThreadSanitizer nothing else makes sense: it does not know fibers, which the model runs on.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=thread")
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC warns that ThreadSanitizer does not know fences. The scenarios that have some have nothing but atomics.
    target_compile_options(heddle_scenarios PRIVATE -Wno-tsan)
  endif()
  add_executable(tsan_test ${unit_tests}/native/tsan_test.cpp $<TARGET_OBJECTS:heddle_scenarios>)
  target_link_libraries(tsan_test PRIVATE heddle_native GTest::gmock_main)
  gtest_discover_tests(tsan_test NO_PRETTY_VALUES PROPERTIES LABELS tsan TIMEOUT 120)
endif()

# The adapter for GoogleTest, with a program made of scenarios of which some are meant to fail.
file(GLOB gtest_sources CONFIGURE_DEPENDS ${unit_tests}/gtest/*_test.cpp)
add_executable(gtest_test ${gtest_sources} ${unit_tests}/cli/subprocess.cpp)
target_link_libraries(gtest_test PRIVATE heddle_test_settings heddle::gtest GTest::gmock_main)
target_precompile_headers(gtest_test REUSE_FROM unit_test)
gtest_discover_tests(gtest_test NO_PRETTY_VALUES PROPERTIES LABELS fast TIMEOUT 120)

add_executable(gtest_registered_odd ${PROJECT_SOURCE_DIR}/cmake/scenario_tests.cpp
  ${unit_tests}/gtest/registered_odd.cpp)
target_link_libraries(gtest_registered_odd PRIVATE heddle_test_settings heddle::gtest)
add_dependencies(gtest_test gtest_registered_odd)
set_source_files_properties(${unit_tests}/gtest/registered_test.cpp PROPERTIES
  COMPILE_DEFINITIONS HEDDLE_REGISTERED_ODD="$<TARGET_FILE:gtest_registered_odd>")

# The scenarios one by one. With sanitizers the tests of the command line go through all of them.
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  file(GLOB scenarios_sources CONFIGURE_DEPENDS ${unit_tests}/scenarios/*.cpp)
  add_executable(scenarios_test ${scenarios_sources} $<TARGET_OBJECTS:heddle_scenarios>)
  target_link_libraries(scenarios_test PRIVATE heddle_test_settings heddle::heddle GTest::gmock_main)
  gtest_discover_tests(scenarios_test NO_PRETTY_VALUES TEST_FILTER -Large/* PROPERTIES LABELS fast TIMEOUT 120)
  gtest_discover_tests(scenarios_test NO_PRETTY_VALUES TEST_FILTER Large/* TEST_LIST large_scenarios
    PROPERTIES LABELS slow TIMEOUT 120)
  add_executable(gtest_registered ${PROJECT_SOURCE_DIR}/cmake/scenario_tests.cpp $<TARGET_OBJECTS:heddle_scenarios>)
  target_link_libraries(gtest_registered PRIVATE heddle_test_settings heddle::gtest)
  gtest_discover_tests(gtest_registered TEST_PREFIX "scenario: " PROPERTIES LABELS fast TIMEOUT 120)
endif()
