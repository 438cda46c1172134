// tests/oracle/fuzz.hpp - what every test of random programs needs.
//
// HEDDLE_FUZZ_PROGRAMS is the number of programs, HEDDLE_FUZZ_SEED the first seed. A program on which two
// disagree is made as small as possible before it is printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace heddle::oracle {

// A number from the environment, or the other.
inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// splitmix64 (Steele, Lea, Flood; OOPSLA'14): the distributions of <random> differ between libraries.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  unsigned below(unsigned bound) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return static_cast<unsigned>(((z ^ (z >> 31)) >> 33) % bound);
  }
  bool percent(unsigned chance) { return below(100) < chance; }
  // An index, with a chance in proportion to the weight there.
  template <std::size_t N>
  unsigned weighted(const unsigned (&weights)[N]) {
    unsigned total = 0;
    for (const unsigned weight : weights) total += weight;
    unsigned drawn = below(total);
    unsigned index = 0;
    while (drawn >= weights[index]) drawn -= weights[index++];
    return index;
  }

 private:
  std::uint64_t state_;
};

// Takes parts away, of which smaller() tells each, for as long as there is still a disagreement.
template <class Program, class Disagreement>
Program shrunk(Program program, Disagreement disagreement) {
  for (bool smaller_found = true; smaller_found;) {
    smaller_found = false;
    for (Program& candidate : smaller(program)) {
      if (disagreement(candidate).empty()) continue;
      program = std::move(candidate);
      smaller_found = true;
      break;
    }
  }
  return program;
}

// Every program with one thread or one instruction less, for programs that are lists of lists.
template <class Instruction>
std::vector<std::vector<std::vector<Instruction>>> with_one_less(
    const std::vector<std::vector<Instruction>>& threads) {
  std::vector<std::vector<std::vector<Instruction>>> result;
  const auto without = [&](auto& from, std::size_t i) {
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
  };
  for (std::size_t t = 0; t < threads.size(); ++t) without(result.emplace_back(threads), t);
  for (std::size_t t = 0; t < threads.size(); ++t)
    for (std::size_t i = 0; i < threads[t].size(); ++i) without(result.emplace_back(threads)[t], i);
  return result;
}

// What a reader needs of a program on which two disagree, and of the smallest one that is left of it.
template <class Program, class Disagreement>
std::string told_with_smallest(const Program& program, Disagreement disagreement) {
  const Program small = shrunk(program, disagreement);
  return to_string(program) + disagreement(program) + "\nas small as possible:\n" + to_string(small) +
         disagreement(small);
}

// "0.250 %"
inline std::string share_text(std::uint64_t part, std::uint64_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f %%",
                whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

}  // namespace heddle::oracle
