// checker/native/record.hpp - the outcomes that one native run has recorded.
//
// As checker/core/outcome_log.hpp, but equal records of different runs have equal hashes whatever was
// recorded before, and threads that run at the same time may record. Once it has been used, recording
// allocates nothing for names and texts of usual length.
#pragma once

#include "checker/core/hash.hpp"

#include <heddle/detail/word.hpp>
#include <heddle/native.hpp>

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::checker::native {

class Record {
 public:
  void clear() { used_ = 0; }
  bool empty() const { return used_ == 0; }
  void set(std::string_view name, detail::Word word, detail::WordFormat format);
  void set(std::string_view name, std::string_view text);

  // Equal for equal values under equal names, in any order.
  Hash hash() const;
  // Sorted by name.
  heddle::native::Values values() const;

 private:
  struct Entry {
    std::string name;
    std::string text;
    detail::Word word;
    detail::WordFormat format;
    bool is_text;
  };
  Entry& entry(std::string_view name);

  std::mutex guard_;  // of the entries, while the run goes on
  std::vector<Entry> entries_;
  std::size_t used_ = 0;  // of the entries; the others keep their memory
};

}  // namespace heddle::checker::native
