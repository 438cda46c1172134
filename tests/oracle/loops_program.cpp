#include "tests/oracle/loops_program.hpp"

#include "tests/oracle/fuzz.hpp"

#include <algorithm>
#include <utility>

namespace heddle::loops {

void remember(const Piece& piece, int seen, Registers& registers) {
  switch (piece.remember) {
    case Remember::Nothing: break;
    case Remember::Last: registers.last = seen; break;
    case Remember::Greatest: registers.greatest = std::max(registers.greatest, seen); break;
    case Remember::Count:
      if (piece.bound > 0 || registers.count < counted_max) ++registers.count;
      break;
  }
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Bounded: return "bounded";
    case Profile::Stateful: return "stateful";
    case Profile::Locks: return "locks";
    case Profile::Mixed: return "mixed";
  }
  return "?";
}

namespace {

class Generator {
 public:
  Generator(std::uint64_t seed, Profile profile)
      : dice_(seed * 4 + static_cast<std::uint64_t>(profile)), profile_(profile) {}

  Program program() {
    Program program(dice_.percent(35) ? 3 : 2);
    for (Code& code : program)
      for (unsigned n = 1 + dice_.below(program.size() == 2 ? 3 : 2); n > 0; --n) code.push_back(piece());
    return program;
  }

 private:
  Piece piece() {
    Piece piece;
    piece.kind = kind();
    piece.variable = dice_.percent(65) ? 0 : 1;  // so that they meet
    piece.mutex = dice_.below(mutexes_max);
    piece.value = dice_.percent(75) ? 1 : 2;
    if (piece.kind == Kind::Store && dice_.percent(20)) piece.value = 0;
    if (profile_ == Profile::Bounded || (profile_ == Profile::Mixed && dice_.percent(40)))
      piece.bound = static_cast<int>(1 + dice_.below(3));
    else if (dice_.percent(30)) piece.yield_after = static_cast<int>(1 + dice_.below(2));
    piece.remember = static_cast<Remember>(dice_.weighted({25, 25, 25, 25}));
    return piece;
  }

  Kind kind() {
    if (dice_.percent(profile_ == Profile::Stateful ? 55 : 40))
      return static_cast<Kind>(dice_.weighted({50, 25, 25}));
    constexpr Kind loops[] = {Kind::Spin,    Kind::SpinLocked,     Kind::AddInLoop, Kind::TryLock,
                              Kind::BackOff, Kind::BackOffSwapped, Kind::Exchange,  Kind::LookThenExchange};
    switch (profile_) {
      case Profile::Stateful: return loops[dice_.weighted({45, 20, 20, 0, 0, 0, 8, 7})];
      case Profile::Locks: return loops[dice_.weighted({10, 10, 0, 35, 25, 20, 0, 0})];
      default: return loops[dice_.weighted({25, 15, 15, 10, 10, 5, 10, 10})];
    }
  }

  oracle::Dice dice_;
  Profile profile_;
};

std::string to_text(const Piece& piece) {
  const std::string variable = piece.variable == 0 ? "x" : "y";
  const std::string another = piece.variable == 0 ? "y" : "x";
  const std::string mutex = piece.mutex == 0 ? "m" : "n";
  const std::string other = piece.mutex == 0 ? "n" : "m";
  const std::string value = std::to_string(piece.value);
  std::string text;
  switch (piece.kind) {
    case Kind::Store: return variable + " = " + value;
    case Kind::Add: return variable + " += " + value;
    case Kind::StoreLocked: return "under " + mutex + ": " + variable + " = " + value;
    case Kind::Spin: text = "look until " + variable + " == " + value; break;
    case Kind::SpinLocked: text = "look under " + mutex + " until " + variable + " == " + value; break;
    case Kind::AddInLoop: text = "compare_exchange until " + variable + " += " + value; break;
    case Kind::TryLock: text = "try to lock " + mutex + "; " + variable + " += " + value; break;
    case Kind::BackOff:
      text = "lock " + mutex + ", try " + other + " or back off; " + variable + " += " + value;
      break;
    case Kind::BackOffSwapped:
      text = "lock " + mutex + ", try " + other + " or change places; " + variable + " += " + value;
      break;
    case Kind::Exchange: text = "exchange " + variable + " for 1 until 0; " + another + " += " + value; break;
    case Kind::LookThenExchange:
      text = "look until " + variable + " == 0 and exchange it for 1; " + another + " += " + value;
      break;
  }
  if (piece.bound > 0) text += "; at most " + std::to_string(piece.bound) + " times";
  if (piece.yield_after > 0) text += "; yield after " + std::to_string(piece.yield_after);
  constexpr const char* remembered[] = {"", "; remember the last", "; remember the greatest", "; count"};
  return text + remembered[static_cast<std::size_t>(piece.remember)];
}

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) { return Generator(seed, profile).program(); }

std::string to_string(const Program& program) {
  std::string text;
  for (std::size_t t = 0; t < program.size(); ++t) {
    text += "T" + std::to_string(t + 1) + ":\n";
    for (const Piece& piece : program[t]) text += "  " + to_text(piece) + "\n";
  }
  return text;
}

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> result = oracle::with_one_less(program);
  for (std::size_t t = 0; t < program.size(); ++t) {
    for (std::size_t i = 0; i < program[t].size(); ++i) {
      const auto with = [&](auto change) {
        result.push_back(program);
        change(result.back()[t][i]);
      };
      const Piece& piece = program[t][i];
      if (piece.bound > 1) with([](Piece& less) { --less.bound; });
      if (piece.yield_after > 0) with([](Piece& less) { --less.yield_after; });
      if (piece.remember != Remember::Nothing) with([](Piece& less) { less.remember = Remember::Nothing; });
      if (piece.kind == Kind::BackOffSwapped) with([](Piece& less) { less.kind = Kind::BackOff; });
      if (piece.kind == Kind::BackOff) with([](Piece& less) { less.kind = Kind::TryLock; });
      if (piece.kind == Kind::SpinLocked) with([](Piece& less) { less.kind = Kind::Spin; });
      if (piece.kind == Kind::LookThenExchange) with([](Piece& less) { less.kind = Kind::Exchange; });
    }
  }
  return result;
}

std::string final_text(const std::array<Registers, threads_max>& registers,
                       const std::array<int, variables_max>& memory) {
  std::string text;
  for (const Registers& each : registers)
    text += std::to_string(each.last) + std::to_string(each.greatest) + std::to_string(each.count) + "|";
  for (const int value : memory) text += std::to_string(value) + " ";
  return text;
}

}  // namespace heddle::loops
