// The program of tests that heddle_add_scenarios() makes: one per scenario that is linked to it.

#include <heddle/gtest.hpp>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  heddle::register_scenario_tests();
  return RUN_ALL_TESTS();
}
