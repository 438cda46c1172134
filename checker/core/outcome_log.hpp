// checker/core/outcome_log.hpp - the outcomes that one execution has recorded.
//
// Recording allocates nothing once the names and texts of a scenario are known: an outcome is a number
// for its name and a word. Text is made only for the first execution of each distinct outcome.
#pragma once

#include "checker/core/hash.hpp"

#include <heddle/detail/word.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle::checker {

class OutcomeLog {
 public:
  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }
  void record(std::string_view name, detail::Word value, detail::WordFormat format) {
    set(name, value, format, false);
  }
  void record(std::string_view name, std::string_view text) {
    set(name, interned(texts_, text), detail::WordFormat::Opaque, true);
  }

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
  };
  void set(std::string_view name, detail::Word word, detail::WordFormat format, bool is_text);
  static std::size_t interned(std::vector<std::string>& known, std::string_view text);

  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::vector<Value> entries_;
};

}  // namespace heddle::checker
