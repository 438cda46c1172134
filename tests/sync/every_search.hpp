// tests/sync/every_search.hpp - a claim about a program, for each model and each way to explore it.
#pragma once

#include "tests/sync/programs.hpp"

#include <string>

namespace heddle::tests {

struct Search {
  const char* name;
  MemoryModel model;
  StrategyKind strategy;
};

inline void PrintTo(const Search& search, std::ostream* out) { *out << search.name; }

class UnderEverySearch : public testing::TestWithParam<Search> {
 protected:
  static Result explored(const Body& body) {
    Options options = everything();
    options.model = GetParam().model;
    options.strategy = GetParam().strategy;
    options.keep_going = true;
    return check(body, options);
  }
  // The outcomes. A deadlock or whatever else is found stands among them as its kind.
  static Texts outcomes(const Body& body) {
    const Result result = explored(body);
    Texts found = outcomes_of(result);
    for (const Defect& defect : result.defects) found.insert(std::string(to_string(defect.kind)));
    if (result.verdict == Verdict::ControlLost) found.insert("control lost: " + result.reason);
    if (!result.exhaustive) found.insert("not exhaustive: " + result.reason);
    return found;
  }
  static void expect_verified(const Body& body) {
    const Result result = explored(body);
    EXPECT_EQ(result.verdict, Verdict::Verified)
        << (result.defects.empty() ? result.reason : result.defects.front().message);
    EXPECT_TRUE(result.exhaustive) << result.reason;
    EXPECT_EQ(result.redundant, 0u);
  }
};

// For INSTANTIATE_TEST_SUITE_P.
inline auto every_search() {
  return testing::Values(Search{"sc", MemoryModel::Sc, StrategyKind::Optimal},
                         Search{"sc_graphs", MemoryModel::Sc, StrategyKind::Graphs},
                         Search{"tso", MemoryModel::Tso, StrategyKind::Graphs},
                         Search{"rc11", MemoryModel::Rc11, StrategyKind::Graphs});
}
inline std::string name_of(const testing::TestParamInfo<Search>& search) { return search.param.name; }

}  // namespace heddle::tests
