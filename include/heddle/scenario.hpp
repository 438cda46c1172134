// heddle/scenario.hpp - a named scenario for the command line and for tests.
//
//     namespace {
//     void unlocked(const heddle::Parameters& p) { ... p.integer("threads") ... }
//
//     const heddle::Registered registered{{
//         .name = "counter/unlocked",
//         .lesson = "++count is a read and a write: another thread fits between them",
//         .story = "Two requests count themselves ...",
//         .tags = {"race"},
//         .parameters = {heddle::integer("threads", 2, 2, 8, "how many threads increment")},
//         .expects = heddle::DefectKind::LostUpdate,
//         .outcomes = [](const heddle::Parameters& p) -> std::vector<heddle::DeclaredOutcome> {
//           return {{"count=" + std::to_string(p.integer("threads")), heddle::Grade::Expected, "all
//           counted"},
//                   {"*", heddle::Grade::Forbidden, "an increment is lost"}};
//         },
//         .pair = "counter/locked",
//         .body = unlocked,
//     }};
//     }
//
// Registration happens before main(). Two scenarios of one name, or a parameter whose default lies
// outside its range, end the program at start with a message.
#pragma once

#include <heddle/location.hpp>
#include <heddle/options.hpp>
#include <heddle/result.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace heddle {

// An integer within a range, a flag, or one of several words.
using ParameterValue = std::variant<std::int64_t, bool, std::string>;

struct Parameter {
  std::string name;
  ParameterValue standard;               // the default; its type is the parameter's type
  std::int64_t least = 0, greatest = 0;  // range of an integer, inclusive
  std::vector<std::string> words;        // what a word may be
  std::string help;                      // half a line
};

Parameter integer(std::string name, std::int64_t standard, std::int64_t least, std::int64_t greatest,
                  std::string help = {});
Parameter flag(std::string name, bool standard, std::string help = {});
Parameter word(std::string name, std::string standard, std::vector<std::string> words, std::string help = {});

// The values a scenario runs with.
class Parameters {
 public:
  Parameters() = default;
  // The defaults of `declared`.
  explicit Parameters(const std::vector<Parameter>& declared);

  // Parses `text` as the value of `name`. Throws std::invalid_argument with a sentence that names the
  // parameter and what it may be.
  void set(std::string_view name, std::string_view text);

  // The value of a declared parameter. Throws std::logic_error for another name or type.
  std::int64_t integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  const std::string& word(std::string_view name) const;

  struct Entry {
    Parameter declared;
    ParameterValue value;
  };
  const std::vector<Entry>& entries() const noexcept { return entries_; }

 private:
  std::vector<Entry> entries_;
};

enum class Grade : std::uint8_t {
  Expected,     // what a reader would name first
  Interesting,  // allowed, and worth a lesson
  Forbidden,    // not to happen
};
// "expected", "interesting", "forbidden"; as in JSON.
std::string_view to_string(Grade) noexcept;

// What a scenario says about one of its outcomes.
struct DeclaredOutcome {
  std::string values;  // "r1=0 r2=1", sorted by name, as reports show it; "*": every outcome not named before
  Grade grade = Grade::Expected;
  std::string because;  // half a line
};

struct Scenario {
  std::string name;    // group/name, lower case
  std::string lesson;  // one line
  std::string story;   // a few lines
  std::vector<std::string> tags;
  std::vector<Parameter> parameters;
  std::optional<DefectKind> expects;  // the declared verdict: this kind of defect, or verified
  // The same under other memory models than sc, where it is another.
  std::vector<std::pair<MemoryModel, std::optional<DefectKind>>> expects_under;
  // The outcomes it declares with these parameters; empty when it declares none.
  std::function<std::vector<DeclaredOutcome>(const Parameters&)> outcomes;
  std::string pair;  // the fixed or broken twin; may be empty
  std::function<void(const Parameters&)> body;
  location where = location::current();
};

// Registers a scenario for the life of the program.
struct Registered {
  explicit Registered(Scenario);
};

// The directory that the file names of the program's scenarios are relative to, where reports find the source
// text. heddle_add_scenarios() registers it; the last one counts.
struct SourceRoot {
  explicit SourceRoot(std::string directory);
};
// Empty when none has been registered.
const std::string& source_root();

// All registered scenarios, sorted by name.
const std::vector<Scenario>& scenarios();
// The scenario of that name, or null.
const Scenario* find_scenario(std::string_view name);
// The declared verdict under a memory model: this kind of defect, or verified.
std::optional<DefectKind> expected(const Scenario&, MemoryModel);
// The scenario's name with the parameters that differ from their defaults, as replay tokens carry it:
// "counter/unlocked,threads=3".
std::string token_name(const Scenario&, const Parameters&);
// What the scenario declares with these parameters; empty when it declares nothing.
std::vector<DeclaredOutcome> declared_outcomes(const Scenario&, const Parameters&);
// What is declared about an outcome with these values, or null.
const DeclaredOutcome* find_declared(const std::vector<DeclaredOutcome>&, std::string_view values);
// A parameter's value as it is written on the command line.
std::string to_string(const ParameterValue&);

}  // namespace heddle
