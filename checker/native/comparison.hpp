// checker/native/comparison.hpp - what native runs came to, next to what the model reaches.
//
// Pure functions on data: a histogram, the result of an exploration, and what the scenario declares.
#pragma once

#include <heddle/native.hpp>
#include <heddle/result.hpp>
#include <heddle/scenario.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace heddle::checker::native {

enum class Seen : std::uint8_t { Never, Sometimes, Always };
// Unknown: the exploration was cut short, or the behaviour is undefined.
enum class Reachable : std::uint8_t { Yes, No, Unknown };

struct ComparedOutcome {
  heddle::native::Values values;
  std::uint64_t runs = 0;
  std::uint64_t failed = 0;
  double share = 0;  // of the runs that recorded an outcome
  Seen seen = Seen::Never;
  Reachable reachable = Reachable::Unknown;
  std::string token;           // of an execution in the model that has it; may be empty
  std::optional<Grade> grade;  // none: not declared
  std::string because;
};

struct Missed {
  std::string message;
  std::string token;
};

struct Comparison {
  std::vector<ComparedOutcome> outcomes;  // seen, reachable or declared; sorted by values
  bool graded = false;                    // the scenario declares outcomes
  // Defects of the model of a kind that shows in native runs, and did not.
  std::vector<Missed> missed;
  // What was seen although no execution of the model does it, each as a noun phrase.
  std::vector<std::string> unreachable;
  // The scenario has memory orders weaker than seq_cst, or data races: what a model weaker than sc is for.
  bool weak = false;
};

Comparison compare(const heddle::native::Result& seen, const heddle::Result& model,
                   const std::vector<DeclaredOutcome>& declared);

// Whether the runs show that something is wrong: a failure, a fault, an outcome that is forbidden or
// unreachable.
bool alarming(const heddle::native::Result& seen, const Comparison& comparison);

// The execution of the model that shows what went wrong natively: a token, or empty when it has none.
std::string witness_of(const heddle::native::Result& seen, const heddle::Result& model,
                       const Comparison& comparison);

// "never", "sometimes", "always".
std::string_view to_string(Seen) noexcept;

}  // namespace heddle::checker::native
