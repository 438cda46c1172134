#include "tests/golden/golden.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace heddle::test {

namespace {

std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream left(expected);
  std::istringstream right(actual);
  for (int number = 1;; ++number) {
    std::string a;
    std::string b;
    const bool more_left = static_cast<bool>(std::getline(left, a));
    const bool more_right = static_cast<bool>(std::getline(right, b));
    if (!more_left && !more_right) return "the ends of the last lines differ";
    if (a == b && more_left == more_right) continue;
    return "line " + std::to_string(number) + "\n  golden: " + (more_left ? a : "(ends)") +
           "\n  now:    " + (more_right ? b : "(ends)");
  }
}

}  // namespace

testing::AssertionResult matches_golden(const std::string& name, const std::string& text) {
  if (text.find(HEDDLE_TEST_ROOT) != std::string::npos)
    return testing::AssertionFailure() << name << " names the source directory:\n" << text;
  if (text.find('\x1b') != std::string::npos)
    return testing::AssertionFailure() << name << " has escape sequences:\n" << text;
  const std::string path = std::string(HEDDLE_TEST_ROOT) + "/tests/golden/" + name + ".txt";
  const char* update = std::getenv("HEDDLE_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path) << text;
    return testing::AssertionSuccess();
  }
  std::ifstream in(path);
  if (!in)
    return testing::AssertionFailure() << path << " is not there; write it with HEDDLE_UPDATE_GOLDEN=1";
  std::stringstream golden;
  golden << in.rdbuf();
  if (golden.str() == text) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "tests/golden/" << name
                                     << ".txt: " << first_difference(golden.str(), text)
                                     << "\nIf the new text is right: HEDDLE_UPDATE_GOLDEN=1. It is:\n"
                                     << text;
}

}  // namespace heddle::test
