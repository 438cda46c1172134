#include "tests/oracle/program.hpp"

#include "tests/oracle/fuzz.hpp"

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
Instruction lock_both(unsigned mutex, unsigned other) {
  return {.op = Op::LockBoth, .object = mutex, .other = other};
}
Instruction unlock(unsigned mutex) { return {.op = Op::Unlock, .object = mutex}; }
Instruction try_lock(unsigned mutex, unsigned reg) {
  return {.op = Op::TryLock, .object = mutex, .reg = reg};
}
Instruction choose(int alternatives, unsigned reg) {
  return {.op = Op::Choose, .reg = reg, .value = alternatives};
}
Instruction block(Code body) { return {.op = Op::Block, .body = std::move(body)}; }
Instruction on(Op op, unsigned object, unsigned reg) { return {.op = op, .object = object, .reg = reg}; }
Instruction release(unsigned semaphore, int update) {
  return {.op = Op::Release, .object = semaphore, .value = update};
}
Instruction call_once(unsigned once, int value) {
  return {.op = Op::CallOnce, .object = once, .value = value};
}
Instruction await(unsigned variable, int value) {
  return {.op = Op::Await, .object = variable, .value = value};
}
Instruction await_either(unsigned variable, int value, unsigned other, int expected) {
  return {.op = Op::AwaitEither, .object = variable, .other = other, .value = value, .expected = expected};
}
Instruction await_exchange(unsigned variable, int expected, int value) {
  return {.op = Op::AwaitExchange, .object = variable, .value = value, .expected = expected};
}
Instruction wait_for_change(unsigned variable, int old) {
  return {.op = Op::WaitForChange, .object = variable, .value = old};
}

namespace {

unsigned count(const Code& code, Op op) {
  unsigned found = 0;
  for (const Instruction& i : code) found += (i.op == op ? 1 : 0) + count(i.body, op);
  return found;
}

}  // namespace

unsigned count(const Program& program, Op op) {
  unsigned found = 0;
  for (const Code& code : program.threads) found += count(code, op);
  return found;
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Data: return "data";
    case Profile::Mutexes: return "mutexes";
    case Profile::Blocks: return "blocks";
    case Profile::Mixed: return "mixed";
    case Profile::Choices: return "choices";
    case Profile::Synchronisation: return "synchronisation";
    case Profile::Everything: return "everything";
    case Profile::Notifications: return "notifications";
  }
  return "?";
}

// ---- generating -------------------------------------------------------------------------------------

namespace {

// Sizes are such that brute force takes about a millisecond.
constexpr unsigned length_max[threads_max + 1] = {0, 0, 6, 4, 3, 0, 0};
constexpr unsigned choices_max = 3;

class Generator {
 public:
  Generator(std::uint64_t seed, Profile profile)
      : dice_(seed * 8 + static_cast<std::uint64_t>(profile)), profile_(profile) {}

  Program program() {
    threads_ = 2 + dice_.weighted({30, 50, 20});
    program_.variables = 1 + dice_.below(3);
    if (has_mutexes()) program_.mutexes = 1 + dice_.below(3);
    if (waits()) choose_subjects();
    if (waits()) program_.mutexes = std::max(program_.mutexes, mutex_of(conditions_max - 1) + 1);
    program_.waits = waits();
    for (unsigned t = 0; t < threads_; ++t)
      program_.threads.push_back(profile_ == Profile::Notifications ? around_notification()
                                                                    : code(length(threads_)));
    return program_;
  }

 private:
  // What else a program is about: few kinds of things at a time, so that they meet.
  enum Subject : unsigned {
    Conditions,
    ReadWrite,
    Semaphores,
    Latches,
    Once,
    Joins,
    Loops,
    Changes,
    subjects
  };

  bool waits() const { return profile_ >= Profile::Synchronisation; }
  bool has_mutexes() const { return profile_ != Profile::Data && profile_ != Profile::Blocks; }
  bool has_blocks() const {
    return profile_ == Profile::Blocks || profile_ == Profile::Mixed || profile_ == Profile::Everything;
  }

  void choose_subjects() {
    // Looking at an atomic variable and beginning to wait for it is one step on two objects.
    const unsigned usable = profile_ == Profile::Everything ? subjects : Changes;
    if (dice_.percent(50)) subjects_.push_back(Conditions);
    while (subjects_.empty() || dice_.percent(45))
      subjects_.push_back(static_cast<Subject>(dice_.below(usable)));
  }

  unsigned length(unsigned threads) {
    const unsigned more = has_mutexes() ? 1 : 0;  // waiting leaves fewer interleavings
    return 1 + dice_.below(length_max[threads] + more);
  }

  Code code(unsigned length) {
    Code result;
    held_.clear();
    while (result.size() < length) {
      if (waits() && dice_.percent(50)) add_waiting(result);
      else result.push_back(instruction());
    }
    while (!held_.empty()) {
      const Instruction release = unlock_one();
      if (!dice_.percent(10)) result.push_back(release);
    }
    return result;
  }

  // What is done around a wait decides on what it can be seen from that it was notified, and when.
  Code around_notification() {
    const bool waiting = dice_.percent(60);
    const bool locked = waiting || dice_.percent(70);
    Code result;
    if (locked) result.push_back(lock(0));
    if (dice_.percent(50)) result.push_back(data());
    if (waiting) result.push_back(dice_.percent(60) ? on(Op::Wait, 0) : on(Op::TimedWait, 0, reg()));
    else result.push_back(on(dice_.percent(90) ? Op::NotifyOne : Op::NotifyAll, 0));
    if (dice_.percent(50)) result.push_back(data());
    if (!waiting && dice_.percent(40)) result.push_back(on(Op::NotifyOne, 0));
    if (locked) result.push_back(unlock(0));
    return result;
  }

  Instruction instruction() {
    if (has_blocks() && dice_.percent(waits() ? 20 : 40)) return block_of_several();
    if (has_mutexes() && dice_.percent(waits() ? 20 : 45)) return synchronisation();
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
    hold(mutex);
    if (program_.mutexes > 1 && dice_.percent(20)) {
      const unsigned other = (mutex + 1) % program_.mutexes;
      hold(other);
      return lock_both(mutex, other);
    }
    return dice_.percent(70) ? lock(mutex) : try_lock(mutex, reg());
  }

  void add_waiting(Code& code) {
    const Subject subject = subjects_[dice_.below(static_cast<unsigned>(subjects_.size()))];
    if (subject != Conditions) return code.push_back(of(subject));
    const unsigned condition = dice_.below(dice_.percent(70) ? 1 : conditions_max);
    const unsigned mutex = mutex_of(condition);
    switch (dice_.weighted({30, 20, 35, 15})) {
      case 2: return code.push_back(on(Op::NotifyOne, condition));
      case 3: return code.push_back(on(Op::NotifyAll, condition));
      case 0:
        if (hold(mutex)) code.push_back(lock(mutex));
        return code.push_back(on(Op::Wait, condition));
      default:
        if (hold(mutex)) code.push_back(lock(mutex));
        return code.push_back(on(Op::TimedWait, condition, reg()));
    }
  }

  Instruction of(Subject subject) {
    switch (subject) {
      case ReadWrite: {
        constexpr Op all[] = {Op::ReadLock, Op::WriteLock, Op::TryReadLock, Op::TryWriteLock};
        if (dice_.percent(40)) return on(Op::ReadWriteUnlock, 0);
        return on(all[dice_.weighted({35, 30, 15, 20})], 0, reg());
      }
      case Semaphores: {
        const unsigned semaphore = dice_.below(semaphores_max);
        switch (dice_.weighted({40, 20, 40})) {
          case 0: return on(Op::Acquire, semaphore);
          case 1: return on(Op::TryAcquire, semaphore, reg());
          default: return release(semaphore, static_cast<int>(1 + dice_.below(2)));
        }
      }
      case Latches: return on(dice_.percent(60) ? Op::CountDown : Op::AwaitLatch, 0);
      case Once: return call_once(0, value());
      case Joins: return on(Op::Join, dice_.below(threads_));
      case Loops:
        switch (dice_.weighted({50, 25, 25})) {
          case 0: return await(variable(), value());
          case 1: return await_exchange(variable(), value(), value());
          default: {
            const unsigned first = variable();
            const unsigned second = variable();
            return first == second ? await(first, value()) : await_either(first, value(), second, value());
          }
        }
      default:
        switch (dice_.weighted({50, 35, 15})) {
          case 0: return wait_for_change(variable(), value());
          case 1: return on(Op::NotifyOneChange, variable());
          default: return on(Op::NotifyAllChange, variable());
        }
    }
  }

  // What may stand in a block.
  Instruction without_waiting() {
    switch (subjects_[dice_.below(static_cast<unsigned>(subjects_.size()))]) {
      case Conditions:
        return on(dice_.percent(70) ? Op::NotifyOne : Op::NotifyAll, dice_.below(conditions_max));
      case ReadWrite: return on(dice_.percent(50) ? Op::TryReadLock : Op::ReadWriteUnlock, 0, reg());
      case Semaphores:
        return dice_.percent(50) ? on(Op::TryAcquire, dice_.below(semaphores_max), reg())
                                 : release(dice_.below(semaphores_max), 1);
      case Latches: return on(Op::CountDown, 0);
      case Changes: return on(Op::NotifyOneChange, variable());
      default: return data();
    }
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
      if (profile_ != Profile::Blocks && dice_.percent(10))
        body.push_back(try_lock(dice_.below(program_.mutexes), reg()));
      else if (!held_.empty() && dice_.percent(20)) body.push_back(unlock_one());
      else if (waits() && dice_.percent(25)) body.push_back(without_waiting());
      else body.push_back(data());
    }
    return block(std::move(body));
  }

  // Returns whether the thread did not hold it.
  bool hold(unsigned mutex) {
    if (std::find(held_.begin(), held_.end(), mutex) != held_.end()) return false;
    held_.push_back(mutex);
    return true;
  }

  unsigned variable() { return dice_.below(program_.variables); }
  unsigned reg() { return dice_.below(registers_max); }
  int value() { return static_cast<int>(dice_.below(3)); }

  Dice dice_;
  Profile profile_;
  Program program_;
  unsigned threads_ = 0;
  std::vector<Subject> subjects_;
  std::vector<unsigned> held_;  // by the thread being made, jumps and failures left aside
  unsigned choices_ = 0;
};

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) { return Generator(seed, profile).program(); }

// ---- printing ---------------------------------------------------------------------------------------

namespace {

std::string variable_name(unsigned variable) { return {"xyzwvu"[variable % variables_max]}; }
std::string mutex_name(unsigned mutex) { return {"mnop"[mutex % mutexes_max]}; }

std::string to_text(const Instruction& i, const std::string& indent) {
  const std::string variable = variable_name(i.object);
  const std::string mutex = mutex_name(i.object);
  const std::string number = std::to_string(i.object);
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
    case Op::LockBoth: return indent + "lock " + mutex + " and " + mutex_name(i.other);
    case Op::Unlock: return indent + "unlock " + mutex;
    case Op::TryLock: return indent + reg + " = try_lock " + mutex;
    case Op::Choose: return indent + reg + " = choose " + value;
    case Op::Wait: return indent + "wait c" + number + ", " + mutex_name(mutex_of(i.object));
    case Op::TimedWait:
      return indent + reg + " = timed_wait c" + number + ", " + mutex_name(mutex_of(i.object));
    case Op::NotifyOne: return indent + "notify_one c" + number;
    case Op::NotifyAll: return indent + "notify_all c" + number;
    case Op::ReadLock: return indent + "read_lock";
    case Op::WriteLock: return indent + "write_lock";
    case Op::TryReadLock: return indent + reg + " = try_read_lock";
    case Op::TryWriteLock: return indent + reg + " = try_write_lock";
    case Op::ReadWriteUnlock: return indent + "read_write_unlock";
    case Op::Acquire: return indent + "acquire s" + number;
    case Op::TryAcquire: return indent + reg + " = try_acquire s" + number;
    case Op::Release: return indent + "release s" + number + ", " + value;
    case Op::CountDown: return indent + "count_down";
    case Op::AwaitLatch: return indent + "await latch";
    case Op::CallOnce: return indent + "call_once x += " + value;
    case Op::Join: return indent + "join T" + std::to_string(i.object + 1);
    case Op::Await: return indent + "await " + variable + " == " + value;
    case Op::AwaitEither:
      return indent + "await " + variable + " == " + value + " or " + variable_name(i.other) +
             " == " + std::to_string(i.expected);
    case Op::AwaitExchange:
      return indent + "await compare_exchange " + variable + ", " + std::to_string(i.expected) + " -> " +
             value;
    case Op::WaitForChange: return indent + "wait while " + variable + " == " + value;
    case Op::NotifyOneChange: return indent + "notify_one " + variable;
    case Op::NotifyAllChange: return indent + "notify_all " + variable;
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
    if (code[i].op == Op::TimedWait) with(on(Op::Wait, code[i].object));
    if (code[i].op == Op::AwaitEither) with(await(code[i].object, code[i].value));
    if (code[i].op == Op::AwaitExchange) with(await(code[i].object, code[i].expected));
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
