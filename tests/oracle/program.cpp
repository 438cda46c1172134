#include "tests/oracle/program.hpp"

#include <algorithm>
#include <utility>

namespace heddle::oracle {

Instruction load(unsigned variable, unsigned reg) { return {.op = Op::Load, .object = variable, .reg = reg}; }
Instruction store(unsigned variable, int value) {
  return {.op = Op::Store, .object = variable, .value = value};
}
Instruction store_register(unsigned variable, unsigned reg, int plus) {
  return {.op = Op::StoreRegister, .object = variable, .reg = reg, .value = plus};
}
Instruction fetch_add(unsigned variable, int value, unsigned reg) {
  return {.op = Op::FetchAdd, .object = variable, .reg = reg, .value = value};
}
Instruction compare_exchange(unsigned variable, int expected, int value, unsigned reg) {
  return {.op = Op::CompareExchange, .object = variable, .reg = reg, .value = value, .expected = expected};
}
Instruction jump_if_equal(unsigned reg, int value, unsigned skip) {
  return {.op = Op::JumpIfEqual, .reg = reg, .value = value, .skip = skip};
}
Instruction jump_if_different(unsigned reg, int value, unsigned skip) {
  return {.op = Op::JumpIfDifferent, .reg = reg, .value = value, .skip = skip};
}
Instruction lock(unsigned mutex) { return {.op = Op::Lock, .object = mutex}; }
Instruction unlock(unsigned mutex) { return {.op = Op::Unlock, .object = mutex}; }
Instruction try_lock(unsigned mutex, unsigned reg) {
  return {.op = Op::TryLock, .object = mutex, .reg = reg};
}
Instruction choose(int alternatives, unsigned reg) {
  return {.op = Op::Choose, .reg = reg, .value = alternatives};
}
Instruction block(Code body) { return {.op = Op::Block, .body = std::move(body)}; }

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Data: return "data";
    case Profile::Mutexes: return "mutexes";
    case Profile::Blocks: return "blocks";
    case Profile::Mixed: return "mixed";
    case Profile::Choices: return "choices";
  }
  return "?";
}

// ---- generating -------------------------------------------------------------------------------------

namespace {

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

// Sizes are such that brute force takes about a millisecond.
constexpr unsigned length_max[threads_max + 1] = {0, 0, 6, 4, 3, 0, 0};
constexpr unsigned choices_max = 3;

class Generator {
 public:
  Generator(std::uint64_t seed, Profile profile)
      : dice_(seed * 8 + static_cast<std::uint64_t>(profile)), profile_(profile) {}

  Program program() {
    const unsigned threads = 2 + dice_.weighted({30, 50, 20});
    program_.variables = 1 + dice_.below(3);
    if (has_mutexes()) program_.mutexes = 1 + dice_.below(3);
    for (unsigned t = 0; t < threads; ++t) program_.threads.push_back(code(length(threads)));
    return program_;
  }

 private:
  bool has_mutexes() const { return profile_ != Profile::Data && profile_ != Profile::Blocks; }
  bool has_blocks() const { return profile_ == Profile::Blocks || profile_ == Profile::Mixed; }

  unsigned length(unsigned threads) {
    const unsigned more = has_mutexes() ? 1 : 0;  // waiting leaves fewer interleavings
    return 1 + dice_.below(length_max[threads] + more);
  }

  Code code(unsigned length) {
    Code result;
    held_.clear();
    while (result.size() < length) result.push_back(instruction());
    while (!held_.empty()) {
      const Instruction release = unlock_one();
      if (!dice_.percent(10)) result.push_back(release);
    }
    return result;
  }

  Instruction instruction() {
    if (has_blocks() && dice_.percent(40)) return block_of_several();
    if (has_mutexes() && dice_.percent(45)) return synchronisation();
    if (profile_ == Profile::Choices && choices_ < choices_max && dice_.percent(25)) {
      ++choices_;
      return choose(static_cast<int>(2 + dice_.below(2)), reg());
    }
    return data();
  }

  Instruction data() {
    switch (dice_.weighted({30, 26, 10, 12, 12, 6, 4})) {
      case 0: return load(variable(), reg());
      case 1: return store(variable(), value());
      case 2: return store_register(variable(), reg(), value());
      case 3: return fetch_add(variable(), value(), reg());
      case 4: return compare_exchange(variable(), value(), value(), reg());
      case 5: return jump_if_equal(reg(), value(), 1 + dice_.below(2));
      default: return jump_if_different(reg(), value(), 1 + dice_.below(2));
    }
  }

  Instruction synchronisation() {
    if (!held_.empty() && dice_.percent(50)) return unlock_one();
    const unsigned mutex = dice_.below(program_.mutexes);
    if (std::find(held_.begin(), held_.end(), mutex) == held_.end()) held_.push_back(mutex);
    return dice_.percent(70) ? lock(mutex) : try_lock(mutex, reg());
  }

  Instruction unlock_one() {
    const auto place = held_.begin() + dice_.below(static_cast<unsigned>(held_.size()));
    const Instruction result = unlock(*place);
    held_.erase(place);
    return result;
  }

  Instruction block_of_several() {
    Code body;
    const unsigned length = 2 + dice_.below(3);
    while (body.size() < length) {
      if (profile_ == Profile::Mixed && dice_.percent(10))
        body.push_back(try_lock(dice_.below(program_.mutexes), reg()));
      else if (!held_.empty() && dice_.percent(20)) body.push_back(unlock_one());
      else body.push_back(data());
    }
    return block(std::move(body));
  }

  unsigned variable() { return dice_.below(program_.variables); }
  unsigned reg() { return dice_.below(registers_max); }
  int value() { return static_cast<int>(dice_.below(3)); }

  Dice dice_;
  Profile profile_;
  Program program_;
  std::vector<unsigned> held_;  // by the thread being made, jumps and failures left aside
  unsigned choices_ = 0;
};

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) { return Generator(seed, profile).program(); }

// ---- printing ---------------------------------------------------------------------------------------

namespace {

std::string to_text(const Instruction& i, const std::string& indent) {
  const std::string variable(1, "xyzwvu"[i.object % variables_max]);
  const std::string mutex(1, "mnop"[i.object % mutexes_max]);
  const std::string reg = "r" + std::to_string(i.reg);
  const std::string value = std::to_string(i.value);
  const auto jump = [&](const char* relation) {
    return "if " + reg + relation + value + " skip " + std::to_string(i.skip);
  };
  switch (i.op) {
    case Op::Load: return indent + reg + " = " + variable;
    case Op::Store: return indent + variable + " = " + value;
    case Op::StoreRegister: return indent + variable + " = " + reg + " + " + value;
    case Op::FetchAdd: return indent + reg + " = fetch_add " + variable + ", " + value;
    case Op::CompareExchange:
      return indent + reg + " = compare_exchange " + variable + ", " + std::to_string(i.expected) + " -> " +
             value;
    case Op::JumpIfEqual: return indent + jump(" == ");
    case Op::JumpIfDifferent: return indent + jump(" != ");
    case Op::Lock: return indent + "lock " + mutex;
    case Op::Unlock: return indent + "unlock " + mutex;
    case Op::TryLock: return indent + reg + " = try_lock " + mutex;
    case Op::Choose: return indent + reg + " = choose " + value;
    case Op::Block: break;
  }
  std::string text = indent + "block {\n";
  for (const Instruction& inner : i.body) text += to_text(inner, indent + "  ") + "\n";
  return text + indent + "}";
}

}  // namespace

std::string to_string(const Program& program) {
  std::string text;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += "T" + std::to_string(t + 1) + ":\n";
    for (const Instruction& i : program.threads[t]) text += to_text(i, "  ") + "\n";
  }
  return text;
}

std::string final_text(const std::vector<Registers>& registers, const std::vector<int>& memory) {
  std::string text;
  for (const Registers& of_thread : registers) {
    for (const int value : of_thread) (text += std::to_string(value)) += ' ';
    text += "| ";
  }
  for (const int value : memory) (text += std::to_string(value)) += ' ';
  return text;
}

// ---- shrinking --------------------------------------------------------------------------------------

namespace {

// Every list with one part less.
std::vector<Code> smaller(const Code& code) {
  std::vector<Code> result;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const auto with = [&](Instruction instruction) {
      result.push_back(code);
      result.back()[i] = std::move(instruction);
    };
    result.push_back(code);
    result.back().erase(result.back().begin() + static_cast<std::ptrdiff_t>(i));
    if (code[i].op == Op::Block) {
      result.push_back(result.back());
      result.back().insert(result.back().begin() + static_cast<std::ptrdiff_t>(i), code[i].body.begin(),
                           code[i].body.end());
      for (Code& body : smaller(code[i].body)) with(block(std::move(body)));
    }
    if (code[i].op == Op::Choose && code[i].value > 1) with(choose(code[i].value - 1, code[i].reg));
    if (code[i].op == Op::FetchAdd || code[i].op == Op::CompareExchange || code[i].op == Op::StoreRegister)
      with(store(code[i].object, code[i].value));
  }
  return result;
}

}  // namespace

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> result;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    result.push_back(program);
    result.back().threads.erase(result.back().threads.begin() + static_cast<std::ptrdiff_t>(t));
  }
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    for (Code& code : smaller(program.threads[t])) {
      result.push_back(program);
      result.back().threads[t] = std::move(code);
    }
  }
  return result;
}

}  // namespace heddle::oracle
