// tests/golden/golden.hpp - output that is compared byte for byte with a file in this directory.
//
// With HEDDLE_UPDATE_GOLDEN=1 in the environment the files are written anew; the difference is then
// reviewed like code.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace heddle::test {

// Compares with tests/golden/NAME.txt. A failure shows the first line that differs. Also fails for text
// that depends on the machine: an absolute path into the source tree or an escape sequence.
testing::AssertionResult matches_golden(const std::string& name, const std::string& text);

}  // namespace heddle::test
