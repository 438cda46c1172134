#include "tests/graphs/program.hpp"

#include <algorithm>
#include <utility>

namespace heddle::graphs {

Instruction load(unsigned variable, Order order, unsigned reg) {
  return {.op = Op::Load, .object = variable, .reg = reg, .order = order};
}
Instruction store(unsigned variable, int value, Order order) {
  return {.op = Op::Store, .object = variable, .value = value, .order = order};
}
Instruction fetch_add(unsigned variable, int value, Order order, unsigned reg) {
  return {.op = Op::FetchAdd, .object = variable, .reg = reg, .value = value, .order = order};
}
Instruction exchange(unsigned variable, int value, Order order, unsigned reg) {
  return {.op = Op::Exchange, .object = variable, .reg = reg, .value = value, .order = order};
}
Instruction compare_exchange(unsigned variable, int expected, int value, Order success, Order failure,
                             unsigned reg) {
  return {.op = Op::CompareExchange,
          .object = variable,
          .reg = reg,
          .value = value,
          .expected = expected,
          .order = success,
          .failure = failure};
}
Instruction await(unsigned variable, int value, Order order) {
  return {.op = Op::Await, .object = variable, .value = value, .order = order};
}
Instruction await_exchange(unsigned variable, int value, Order order, unsigned reg) {
  return {.op = Op::AwaitExchange, .object = variable, .reg = reg, .value = value, .order = order};
}
Instruction await_compare_exchange(unsigned variable, int expected, int value, Order success, Order failure) {
  return {.op = Op::AwaitCompareExchange,
          .object = variable,
          .value = value,
          .expected = expected,
          .order = success,
          .failure = failure};
}
Instruction await_both(unsigned variable, int value, Order order, unsigned other, int other_value,
                       Order other_order, unsigned reg) {
  return {.op = Op::AwaitBoth,
          .object = variable,
          .reg = reg,
          .value = value,
          .order = order,
          .other = other,
          .other_value = other_value,
          .other_order = other_order};
}
Instruction await_either(unsigned variable, int value, Order order, unsigned other, int other_value,
                         Order other_order, unsigned reg) {
  Instruction result = await_both(variable, value, order, other, other_value, other_order, reg);
  result.op = Op::AwaitEither;
  return result;
}
Instruction plus_reg(Instruction instruction, unsigned reg) {
  instruction.plus_reg = true;
  instruction.reg = reg;
  return instruction;
}
Instruction yielding(Instruction await) {
  await.yields = true;
  return await;
}
Instruction fence(Order order) { return {.op = Op::Fence, .order = order}; }
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
Instruction acquire(unsigned semaphore) { return {.op = Op::Acquire, .object = semaphore}; }
Instruction release(unsigned semaphore, int update) {
  return {.op = Op::Release, .object = semaphore, .value = update};
}

unsigned count(const Program& program, Op op) {
  unsigned found = 0;
  for (const Code& code : program.threads)
    for (const Instruction& i : code) found += i.op == op ? 1 : 0;
  return found;
}

bool contains(const Program& program, std::initializer_list<Op> ops) {
  return std::any_of(ops.begin(), ops.end(), [&](Op op) { return count(program, op) > 0; });
}

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Plain: return "plain";
    case Profile::Orders: return "orders";
    case Profile::Rmw: return "rmw";
    case Profile::SeqCst: return "seq_cst";
    case Profile::Locks: return "locks";
    case Profile::Awaits: return "awaits";
    case Profile::Spins: return "spins";
    case Profile::Loops: return "loops";
  }
  return "?";
}

// ---- printing ---------------------------------------------------------------------------------------

namespace {

std::string_view to_text(Order order) {
  switch (order) {
    case Order::relaxed: return "relaxed";
    case Order::consume: return "consume";
    case Order::acquire: return "acquire";
    case Order::release: return "release";
    case Order::acq_rel: return "acq_rel";
    case Order::seq_cst: return "seq_cst";
  }
  return "?";
}

std::string name_of_variable(unsigned number) { return std::string(1, "xyzw"[number % variables_max]); }

std::string to_text(const Instruction& i) {
  const std::string variable = name_of_variable(i.object);
  const std::string mutex(1, "mn"[i.object % mutexes_max]);
  const std::string semaphore = "s" + std::to_string(i.object);
  const std::string reg = "r" + std::to_string(i.reg);
  const std::string value = std::to_string(i.value) + (i.plus_reg ? " + " + reg : "");
  const std::string order = " (" + std::string(to_text(i.order)) + ")";
  const std::string yields = i.yields ? " yielding" : "";
  const std::string skip = " skip " + std::to_string(i.skip);
  switch (i.op) {
    case Op::Load: return reg + " = " + variable + order;
    case Op::Store: return variable + " = " + value + order;
    case Op::FetchAdd: return reg + " = fetch_add " + variable + ", " + value + order;
    case Op::Exchange: return reg + " = exchange " + variable + ", " + value + order;
    case Op::CompareExchange:
      return reg + " = compare_exchange " + variable + ", " + std::to_string(i.expected) + " -> " + value +
             order + " else (" + std::string(to_text(i.failure)) + ")";
    case Op::Await: return "await " + variable + " == " + value + order + yields;
    case Op::AwaitExchange: return reg + " = await exchange " + variable + " != " + value + order + yields;
    case Op::AwaitCompareExchange:
      return "await compare_exchange " + variable + ", " + std::to_string(i.expected) + " -> " + value +
             order + " else (" + std::string(to_text(i.failure)) + ")" + yields;
    case Op::AwaitBoth:
    case Op::AwaitEither: {
      const std::string relation = i.op == Op::AwaitBoth ? " == " : " != ";
      return reg + " = while " + variable + relation + value + order + " and " + name_of_variable(i.other) +
             relation + std::to_string(i.other_value) + " (" + std::string(to_text(i.other_order)) + ")" +
             yields;
    }
    case Op::Fence: return "fence" + order;
    case Op::JumpIfEqual: return "if " + reg + " == " + value + skip;
    case Op::JumpIfDifferent: return "if " + reg + " != " + value + skip;
    case Op::Lock: return "lock " + mutex;
    case Op::Unlock: return "unlock " + mutex;
    case Op::TryLock: return reg + " = try_lock " + mutex;
    case Op::Acquire: return "acquire " + semaphore;
    case Op::Release: return "release " + semaphore + ", " + value;
  }
  return "?";
}

}  // namespace

std::string to_string(const Program& program) {
  std::string text;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += "T" + std::to_string(t + 1) + ":\n";
    for (const Instruction& i : program.threads[t]) text += "  " + to_text(i) + "\n";
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

bool is_of_variable(Op op) {
  switch (op) {
    case Op::Load:
    case Op::Store:
    case Op::FetchAdd:
    case Op::Exchange:
    case Op::CompareExchange:
    case Op::Await:
    case Op::AwaitExchange:
    case Op::AwaitCompareExchange:
    case Op::AwaitBoth:
    case Op::AwaitEither: return true;
    default: return false;
  }
}

// The instruction with one part less.
std::vector<Instruction> smaller(const Instruction& i) {
  std::vector<Instruction> result;
  const auto with = [&](auto change) {
    result.push_back(i);
    change(result.back());
  };
  switch (i.op) {
    case Op::FetchAdd:
    case Op::Exchange:
    case Op::CompareExchange:
      result.push_back(load(i.object, Order::relaxed, i.reg));
      result.push_back(store(i.object, i.value, Order::relaxed));
      if (i.op == Op::CompareExchange && i.failure != Order::relaxed)
        with([](Instruction& less) { less.failure = Order::relaxed; });
      break;
    case Op::AwaitExchange:
      result.push_back(exchange(i.object, i.value, i.order, i.reg));
      result.push_back(await_compare_exchange(i.object, 1 - i.value, i.value, i.order, Order::relaxed));
      break;
    case Op::AwaitCompareExchange:
      result.push_back(compare_exchange(i.object, i.expected, i.value, i.order, i.failure));
      result.push_back(await(i.object, i.expected, i.order));
      if (i.failure != Order::relaxed) with([](Instruction& less) { less.failure = Order::relaxed; });
      break;
    case Op::AwaitBoth:
    case Op::AwaitEither:
      result.push_back(load(i.object, i.order, i.reg));
      result.push_back(load(i.other, i.other_order, i.reg));
      if (i.op == Op::AwaitEither) {
        result.push_back(await(i.object, i.value, i.order));
        result.push_back(await(i.other, i.other_value, i.other_order));
      }
      if (i.other_order != Order::relaxed) with([](Instruction& less) { less.other_order = Order::relaxed; });
      break;
    case Op::Load:
    case Op::Store:
    case Op::Await:
      if (i.plus_reg) with([](Instruction& less) { less.plus_reg = false; });
      break;
    case Op::Release:
      if (i.value > 1) with([](Instruction& less) { less.value = 1; });
      break;
    case Op::TryLock: result.push_back(lock(i.object)); break;
    default: break;
  }
  if (i.yields) with([](Instruction& less) { less.yields = false; });
  if (is_of_variable(i.op) && i.order != Order::relaxed)
    with([](Instruction& less) { less.order = Order::relaxed; });
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
    const Code& code = program.threads[t];
    for (std::size_t i = 0; i < code.size(); ++i) {
      result.push_back(program);
      result.back().threads[t].erase(result.back().threads[t].begin() + static_cast<std::ptrdiff_t>(i));
      for (const Instruction& less : smaller(code[i])) {
        result.push_back(program);
        result.back().threads[t][i] = less;
      }
    }
  }
  return result;
}

}  // namespace heddle::graphs
