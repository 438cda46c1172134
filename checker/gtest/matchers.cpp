// checker/gtest/matchers.cpp - the matchers of <heddle/gtest.hpp>.

#include <heddle/gtest.hpp>

#include "checker/gtest/failure_text.hpp"
#include "checker/report/report_data.hpp"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace heddle {

namespace {

using testing::MatcherInterface;
using testing::MatchResultListener;

std::string text_of(const Values::Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text.empty() ? "(no values)" : text;
}

std::string listed(const std::vector<std::string>& items) {
  constexpr std::size_t shown_max = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(items.size(), shown_max); ++i) text += (i == 0 ? "" : ", ") + items[i];
  if (items.size() > shown_max) text += " and " + std::to_string(items.size() - shown_max) + " more";
  return text;
}

std::string reached(const Result& result) {
  std::vector<std::string> all;
  for (const Outcome& outcome : result.outcomes) all.push_back(text_of(outcome.values));
  return all.empty() ? "no execution recorded an outcome" : "reached " + listed(all);
}

void tell_defects(const Result& result, MatchResultListener& listener) {
  // The file is written only when there is somebody to read about it.
  if (listener.IsInterested() && !result.defects.empty()) listener << "\n\n" << checker::told_defects(result);
}

bool verified(const Result& result, MatchResultListener& listener) {
  const std::string nothing = checker::nothing_explored(result);
  switch (result.verdict) {
    case Verdict::ControlLost: listener << "in which control was lost: " << result.reason; return false;
    case Verdict::Defect:
      listener << "which has a defect";
      tell_defects(result, listener);
      return false;
    case Verdict::Inconclusive:
      listener << "which is no proof: " << checker::gap_in_coverage(result);
      return false;
    case Verdict::Verified: break;
  }
  if (!result.exhaustive) {
    listener << "which is no proof: " << checker::gap_in_coverage(result);
    return false;
  }
  if (!nothing.empty()) {
    listener << "in which " << nothing;
    return false;
  }
  listener << "every execution explored, no defect";
  return true;
}

class VerifiedMatcher final : public MatcherInterface<const Result&> {
 public:
  bool MatchAndExplain(const Result& result, MatchResultListener* listener) const override {
    return verified(result, *listener);
  }
  void DescribeTo(std::ostream* out) const override { *out << "is verified: all explored, no defect"; }
  void DescribeNegationTo(std::ostream* out) const override { *out << "is not verified"; }
};

class FindsMatcher final : public MatcherInterface<const Result&> {
 public:
  FindsMatcher(DefectKind kind, std::string object) : kind_(kind), object_(std::move(object)) {}

  bool MatchAndExplain(const Result& result, MatchResultListener* listener) const override {
    const auto wanted = [&](const Defect& defect) {
      const bool kind = defect.kind == kind_ || (kind_ == DefectKind::Assertion && defect.failed_expectation);
      return kind && (object_.empty() || defect.object == object_);
    };
    for (const std::vector<Defect>* defects : {&result.defects, &result.advisories}) {
      const auto found = std::find_if(defects->begin(), defects->end(), wanted);
      if (found == defects->end()) continue;
      *listener << "which found: " << found->message;
      return true;
    }
    if (!result.defects.empty()) {
      *listener << "which found other defects"
                << (result.exhaustive ? "" : " (" + checker::gap_in_coverage(result) + ")");
      tell_defects(result, *listener);
    } else if (result.verdict == Verdict::ControlLost) {
      *listener << "in which control was lost: " << result.reason;
    } else if (const std::string nothing = checker::nothing_explored(result); !nothing.empty()) {
      *listener << "in which " << nothing;
    } else {
      *listener << "which found no defect"
                << (result.exhaustive ? "; all was explored" : ": " + checker::gap_in_coverage(result));
    }
    return false;
  }
  void DescribeTo(std::ostream* out) const override { *out << "finds a defect: " << defect(); }
  void DescribeNegationTo(std::ostream* out) const override { *out << "finds no defect: " << defect(); }

 private:
  std::string defect() const {
    return std::string(to_string(kind_)) + (object_.empty() ? "" : " on " + object_);
  }

  DefectKind kind_;
  std::string object_;
};

bool includes(const Outcome& outcome, const Values& values) {
  return std::all_of(values.pairs().begin(), values.pairs().end(), [&](const auto& pair) {
    return std::find(outcome.values.begin(), outcome.values.end(), pair) != outcome.values.end();
  });
}

class ReachesMatcher final : public MatcherInterface<const Result&> {
 public:
  ReachesMatcher(Values values, bool ever) : values_(std::move(values)), ever_(ever) {}

  bool MatchAndExplain(const Result& result, MatchResultListener* listener) const override {
    const auto found = std::find_if(result.outcomes.begin(), result.outcomes.end(),
                                    [&](const Outcome& outcome) { return includes(outcome, values_); });
    if (found != result.outcomes.end()) {
      *listener << "which reached " << text_of(found->values) << " in " << found->executions
                << (found->executions == 1 ? " execution" : " executions");
      if (!found->witness.token.empty()) *listener << ", for example " << found->witness.token;
      return ever_;
    }
    *listener << "which " << (result.outcomes.empty() ? "has no outcome: " : "") << reached(result);
    if (!result.exhaustive)
      *listener << "; not everything was explored: " << checker::gap_in_coverage(result);
    return !ever_ && result.exhaustive;
  }
  void DescribeTo(std::ostream* out) const override {
    *out << (ever_ ? "reaches " : "never reaches ") << text_of(values_.pairs());
    if (!ever_) *out << ", with all explored";
  }
  void DescribeNegationTo(std::ostream* out) const override {
    *out << (ever_ ? "did not reach " : "may reach ") << text_of(values_.pairs());
  }

 private:
  Values values_;
  bool ever_;
};

class OutcomesMatcher final : public MatcherInterface<const Result&> {
 public:
  explicit OutcomesMatcher(const std::vector<Values>& outcomes) {
    for (const Values& values : outcomes) wanted_.push_back(values.pairs());
  }

  bool MatchAndExplain(const Result& result, MatchResultListener* listener) const override {
    std::vector<std::string> missing;
    std::vector<std::string> unexpected;
    for (const Values::Pairs& pairs : wanted_) {
      if (std::none_of(result.outcomes.begin(), result.outcomes.end(),
                       [&](const Outcome& outcome) { return outcome.values == pairs; }))
        missing.push_back(text_of(pairs));
    }
    for (const Outcome& outcome : result.outcomes) {
      if (std::find(wanted_.begin(), wanted_.end(), outcome.values) == wanted_.end())
        unexpected.push_back(text_of(outcome.values) +
                             (outcome.witness.token.empty() ? "" : " (" + outcome.witness.token + ")"));
    }
    if (missing.empty() && unexpected.empty() && result.exhaustive) return true;
    *listener << "in which " << reached(result);
    if (!unexpected.empty()) *listener << "\n          unexpected: " << listed(unexpected);
    if (!missing.empty()) *listener << "\n          missing: " << listed(missing);
    if (!result.exhaustive)
      *listener << "\n          but not everything was explored: " << checker::gap_in_coverage(result)
                << ". heddle::outcomes() does not stop at a defect";
    return false;
  }
  void DescribeTo(std::ostream* out) const override { *out << "has exactly the outcomes " << all(); }
  void DescribeNegationTo(std::ostream* out) const override { *out << "has not the outcomes " << all(); }

 private:
  std::string all() const {
    std::vector<std::string> texts;
    for (const Values::Pairs& pairs : wanted_) texts.push_back(text_of(pairs));
    return texts.empty() ? "of the empty set" : listed(texts);
  }

  std::vector<Values::Pairs> wanted_;
};

class AsDeclaredMatcher final : public MatcherInterface<const Result&> {
 public:
  explicit AsDeclaredMatcher(Scenario scenario) : scenario_(std::move(scenario)) {}

  bool MatchAndExplain(const Result& result, MatchResultListener* listener) const override {
    const std::optional<DefectKind> expects = expected(scenario_, result.model);
    if (!expects) return verified(result, *listener);
    if (checker::as_declared(scenario_, result)) {
      *listener << "which found: " << result.defects.front().message;
      return true;
    }
    return FindsMatcher(*expects, {}).MatchAndExplain(result, listener) && false;
  }
  void DescribeTo(std::ostream* out) const override { *out << "is as declared: " << declared(); }
  void DescribeNegationTo(std::ostream* out) const override { *out << "is not as declared: " << declared(); }

 private:
  std::string declared() const {
    return scenario_.expects ? std::string(to_string(*scenario_.expects)) + " reported first" : "verified";
  }

  Scenario scenario_;
};

}  // namespace

Values::Values(const char* text) : Values(std::string(text)) {}

Values::Values(const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos)
      throw std::invalid_argument("'" + word + "' in '" + text + "' is not name=value");
    pairs_.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  std::sort(pairs_.begin(), pairs_.end());
}

Values::Values(std::initializer_list<std::pair<std::string, std::string>> pairs) : pairs_(pairs) {
  std::sort(pairs_.begin(), pairs_.end());
}

ResultMatcher Verified() { return testing::MakeMatcher(new VerifiedMatcher); }

ResultMatcher Finds(DefectKind kind, std::string object) {
  return testing::MakeMatcher(new FindsMatcher(kind, std::move(object)));
}

ResultMatcher Reaches(Values values) {
  return testing::MakeMatcher(new ReachesMatcher(std::move(values), true));
}

ResultMatcher NeverReaches(Values values) {
  return testing::MakeMatcher(new ReachesMatcher(std::move(values), false));
}

ResultMatcher OutcomesAre(std::vector<Values> outcomes) {
  return testing::MakeMatcher(new OutcomesMatcher(outcomes));
}

ResultMatcher AsDeclared(const Scenario& scenario) {
  return testing::MakeMatcher(new AsDeclaredMatcher(scenario));
}

void PrintTo(const Result& result, std::ostream* out) { *out << checker::headline(result); }
void PrintTo(Verdict verdict, std::ostream* out) { *out << to_string(verdict); }
void PrintTo(DefectKind kind, std::ostream* out) { *out << to_string(kind); }

}  // namespace heddle
