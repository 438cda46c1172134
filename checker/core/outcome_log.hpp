// checker/core/outcome_log.hpp - the outcomes that one execution has recorded.
//
// Recording allocates nothing once the names and texts of a scenario are known: an outcome is a number
// for its name and a word. Text is made only for the first execution of each distinct outcome.
//
// What is recorded last under a name counts. Where several threads record under it, the steps in which they
// do have to say which that is: else executions that are the same but for the order of independent steps, of
// which a search looks at one, would differ.
#pragma once

#include "checker/core/causality.hpp"
#include "checker/core/hash.hpp"
#include "checker/core/ids.hpp"

#include <heddle/detail/word.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle::checker {

// Who records: this thread, after this event.
struct Recorder {
  ThreadIndex thread = main_thread;
  EventIndex event = no_event;
};

class OutcomeLog {
 public:
  // A name under which two threads have recorded different values, and nothing says which was the last.
  struct Contest {
    std::string name;
    ThreadIndex first;
    ThreadIndex second;
  };

  void clear() {
    entries_.clear();
    replaced_.clear();
  }
  bool empty() const { return entries_.empty(); }
  void record(std::string_view name, detail::Word value, detail::WordFormat format, Recorder by = {}) {
    set({interned(names_, name), value, format, false, by});
  }
  void record(std::string_view name, std::string_view text, Recorder by = {}) {
    set({interned(names_, name), interned(texts_, text), detail::WordFormat::Opaque, true, by});
  }
  std::optional<Contest> contest(const Causality& causality) const;

  // Equal for executions that recorded the same values under the same names, in any order.
  Hash hash() const;
  // Name and value, sorted by name.
  std::vector<std::pair<std::string, std::string>> values() const;

 private:
  struct Value {
    std::size_t name;
    detail::Word word;
    detail::WordFormat format;
    bool is_text;
    Recorder by;
  };
  void set(const Value& value);
  static bool same_value(const Value& a, const Value& b) {
    return a.word == b.word && a.format == b.format && a.is_text == b.is_text;
  }
  static std::size_t interned(std::vector<std::string>& known, std::string_view text);

  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::vector<Value> entries_;   // one for each name, the last
  std::vector<Value> replaced_;  // by another thread's, in the order of recording
};

}  // namespace heddle::checker
