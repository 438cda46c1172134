// tests/sync/under_each_model.hpp - explores a body under the memory model of the parameter, as graphs.
#pragma once

#include <heddle/check.hpp>
#include <heddle/thread.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace heddle {

class UnderEachModel : public testing::TestWithParam<MemoryModel> {
 protected:
  Result explored(const std::function<void()>& body) const {
    Options options;
    options.model = GetParam();
    options.strategy = StrategyKind::Graphs;
    options.keep_going = true;
    return check(body, options);
  }
  void expect_verified(const std::function<void()>& body) const {
    const Result result = explored(body);
    EXPECT_EQ(result.verdict, Verdict::Verified)
        << (result.defects.empty() ? result.reason : result.defects.front().message);
    EXPECT_TRUE(result.exhaustive) << result.reason;
    EXPECT_EQ(result.redundant, 0u);
    EXPECT_EQ(result.blocked, 0u);
  }
  void expect_defect(const std::function<void()>& body, DefectKind kind) const {
    const Result result = explored(body);
    ASSERT_FALSE(result.defects.empty());
    EXPECT_EQ(result.defects.front().kind, kind) << result.defects.front().message;
  }
};

template <class First, class Second>
void together(First first, Second second) {
  thread one(first);
  thread two(second);
  one.join();
  two.join();
}

}  // namespace heddle
