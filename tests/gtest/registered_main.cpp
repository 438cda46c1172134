// A GoogleTest program whose tests are the scenarios that are linked to it.

#include <heddle/gtest.hpp>

#include <gmock/gmock.h>

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  heddle::register_scenario_tests();
  return RUN_ALL_TESTS();
}
