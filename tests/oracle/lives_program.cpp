#include "tests/oracle/lives_program.hpp"

#include "tests/oracle/fuzz.hpp"

#include <string_view>

namespace heddle::lives {

// ---- generating -------------------------------------------------------------------------------------

namespace {

// What a thread does with a node, mostly as it should be done, and sometimes not.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : dice_(seed) {}

  Program program() {
    program_.tracked = dice_.percent(30);
    counts_ = dice_.percent(25);
    locks_ = dice_.percent(30);
    stack_ = dice_.percent(30);
    careless_ = dice_.percent(50) ? 4 : 35;
    const unsigned others = dice_.percent(25) ? 3 : 2;
    program_.users = static_cast<int>(others);
    program_.threads.push_back(of_main(others));
    for (unsigned t = 0; t < others; ++t) program_.threads.push_back(of_another(others));
    return program_;
  }

 private:
  Code of_main(unsigned others) {
    Code code;
    if (dice_.percent(70)) publish(code);
    for (unsigned t = 1; t <= others; ++t) {
      code.push_back({.op = Op::Start, .object = t});
      if (dice_.percent(8)) add(code, Op::Read, Place::Heap);
    }
    if (dice_.percent(others == 2 ? 30 : 10)) piece(code);
    for (unsigned t = 1; t <= others; ++t)
      if (!careless()) code.push_back({.op = Op::Join, .object = t});
    if (dice_.percent(50)) {
      add(code, dice_.percent(80) ? Op::Take : Op::Get, Place::Heap);
      if (dice_.percent(50)) add(code, Op::Read, Place::Heap);
      if (!counts_ || careless()) add(code, Op::End, Place::Heap);
    }
    return code;
  }

  Code of_another(unsigned others) {
    Code code;
    for (unsigned n = others == 2 && dice_.percent(50) ? 2 : 1; n > 0; --n) piece(code);
    return code;
  }

  void piece(Code& code) {
    const bool locked = locks_ && !careless();
    if (locked) add(code, Op::Lock, Place::Heap);
    if (counts_ && !careless()) leave(code);
    else switch (dice_.weighted({25, 33, 27, 5, 10})) {
        case 0: publish(code); break;
        case 1: use(code); break;
        case 2: remove(code); break;
        case 3: replace(code); break;
        default: odd(code); break;
      }
    if (locked) add(code, Op::Unlock, Place::Heap);
  }

  void publish(Code& code) {
    const Place place = any_place();
    add(code, Op::Make, place);
    if (dice_.percent(25)) add(code, dice_.percent(70) ? Op::Write : Op::Mark, place);
    const bool fenced = dice_.percent(15);
    if (fenced) code.push_back({.op = Op::Fence, .order = releasing()});
    constexpr Op ways[] = {Op::Publish, Op::Insert, Op::Swap};
    const Op way = ways[dice_.weighted({60, 25, 15})];
    add(code, way, place,
        fenced || careless() ? std::memory_order_relaxed
        : way == Op::Publish ? releasing()
                             : both());
    if (dice_.percent(15)) uses(code, place);
    if (place == Place::Stack && dice_.percent(50)) {
      add(code, Op::Clear, place, std::memory_order_relaxed);
      if (dice_.percent(50)) add(code, Op::End, place);
    }
    if (way == Op::Swap && dice_.percent(60)) add(code, Op::End, Place::Heap);
  }

  void use(Code& code) {
    const Place place = any_place();
    obtain(code, Op::Get, place);
    uses(code, place);
  }

  void remove(Code& code) {
    if (dice_.percent(30)) {
      obtain(code, Op::Get, Place::Heap);
      if (dice_.percent(30)) uses(code, Place::Heap);
      add(code, Op::Remove, Place::Heap, careless() ? std::memory_order_relaxed : both());
    } else {
      obtain(code, Op::Take, Place::Heap);
    }
    if (dice_.percent(40)) uses(code, Place::Heap);
    if (!careless()) add(code, Op::End, Place::Heap);
  }

  // With a node that may have the address of the one before.
  void replace(Code& code) {
    obtain(code, Op::Take, Place::Heap);
    add(code, Op::End, Place::Heap);
    add(code, Op::Make, Place::Heap);
    add(code, Op::Publish, Place::Heap, careless() ? std::memory_order_relaxed : releasing());
  }

  void leave(Code& code) {
    obtain(code, Op::Get, Place::Heap);
    if (dice_.percent(60)) uses(code, Place::Heap);
    const bool fenced = dice_.percent(40);
    add(code, Op::Leave, Place::Heap,
        careless() ? any_order()
        : fenced   ? std::memory_order_release
                   : std::memory_order_acq_rel);
    if (fenced && !careless()) code.push_back({.op = Op::Fence, .order = std::memory_order_acquire});
    add(code, careless() ? Op::End : Op::EndIfLast, Place::Heap);
  }

  // Something that makes no sense by itself.
  void odd(Code& code) {
    constexpr Op any[] = {Op::End, Op::Clear, Op::Swap, Op::Remove, Op::Make, Op::Publish, Op::Leave};
    const Op op = any[dice_.below(7)];
    const bool stores = op == Op::Clear || op == Op::Publish;
    add(code, op, any_place(),
        stores ? (dice_.percent(50) ? releasing() : std::memory_order_relaxed) : any_order());
  }

  void obtain(Code& code, Op op, Place place) {
    const bool fenced = dice_.percent(15);
    add(code, op, place, fenced || careless() ? std::memory_order_relaxed : acquiring());
    if (fenced && !careless()) code.push_back({.op = Op::Fence, .order = acquiring()});
  }

  void uses(Code& code, Place place) {
    constexpr Op ways[] = {Op::Read, Op::Write, Op::Look, Op::Mark};
    const Op way = ways[dice_.weighted({50, 15, 20, 15})];
    constexpr auto relaxed = std::memory_order_relaxed;
    add(code, way, place,
        way == Op::Look   ? (dice_.percent(50) ? relaxed : acquiring())
        : way == Op::Mark ? (dice_.percent(50) ? relaxed : releasing())
                          : relaxed);
  }

  static void add(Code& code, Op op, Place place, std::memory_order order = std::memory_order_seq_cst) {
    code.push_back({.op = op, .place = place, .order = order});
  }
  bool careless() { return dice_.percent(careless_); }
  Place any_place() { return stack_ && dice_.percent(50) ? Place::Stack : Place::Heap; }
  std::memory_order acquiring() {
    return dice_.percent(70) ? std::memory_order_acquire : std::memory_order_seq_cst;
  }
  std::memory_order releasing() {
    return dice_.percent(70) ? std::memory_order_release : std::memory_order_seq_cst;
  }
  std::memory_order both() {
    return dice_.percent(60) ? std::memory_order_acq_rel : std::memory_order_seq_cst;
  }
  std::memory_order any_order() {
    constexpr std::memory_order all[] = {std::memory_order_relaxed, std::memory_order_acquire,
                                         std::memory_order_release, std::memory_order_acq_rel,
                                         std::memory_order_seq_cst};
    return all[dice_.below(5)];
  }

  oracle::Dice dice_;
  Program program_;
  bool counts_ = false;  // who leaves last deletes
  bool locks_ = false;
  bool stack_ = false;
  unsigned careless_ = 0;  // in percent
};

}  // namespace

Program random_program(std::uint64_t seed) { return Generator(seed).program(); }

// ---- printing and shrinking ---------------------------------------------------------------------------

namespace {

std::string_view to_string(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed: return "relaxed";
    case std::memory_order_acquire: return "acquire";
    case std::memory_order_release: return "release";
    case std::memory_order_acq_rel: return "acq_rel";
    default: return "seq_cst";
  }
}

std::string to_text(const Instruction& i) {
  const std::string node = i.place == Place::Heap ? "h" : "s";  // the register, and its slot in capitals
  const std::string slot = i.place == Place::Heap ? "H" : "S";
  const std::string order = ", " + std::string(to_string(i.order));
  const std::string thread = i.object == 0 ? "main" : "T" + std::to_string(i.object);
  switch (i.op) {
    case Op::Make: return node + " = make";
    case Op::End: return "end " + node;
    case Op::EndIfLast: return "end " + node + " if last";
    case Op::Publish: return slot + " = " + node + order;
    case Op::Clear: return slot + " = null" + order;
    case Op::Get: return node + " = " + slot + order;
    case Op::Take: return node + " = exchange " + slot + ", null" + order;
    case Op::Swap: return node + " = exchange " + slot + ", " + node + order;
    case Op::Insert: return "compare_exchange " + slot + ", null -> " + node + order;
    case Op::Remove: return "compare_exchange " + slot + ", " + node + " -> null" + order;
    case Op::Read: return "read " + node + "->value";
    case Op::Write: return "write " + node + "->value";
    case Op::Look: return "load " + node + "->users" + order;
    case Op::Mark: return "store " + node + "->users" + order;
    case Op::Leave: return "last = fetch_sub " + node + "->users, 1" + order;
    case Op::Fence: return "fence" + order;
    case Op::Lock: return "lock";
    case Op::Unlock: return "unlock";
    case Op::Start: return "start " + thread;
    case Op::Join: return "join " + thread;
  }
  return "?";
}

}  // namespace

std::string to_string(const Program& program) {
  std::string text = (program.tracked ? "tracked, " : "") + std::to_string(program.users) + " users\n";
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += t == 0 ? "main:\n" : "T" + std::to_string(t) + ":\n";
    for (const Instruction& i : program.threads[t]) text += "  " + to_text(i) + "\n";
  }
  return text;
}

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> result;
  if (program.tracked) result.push_back({.users = program.users, .threads = program.threads});
  for (auto& threads : oracle::with_one_less(program.threads))
    if (!threads.empty())
      result.push_back({.tracked = program.tracked, .users = program.users, .threads = std::move(threads)});
  return result;
}

}  // namespace heddle::lives
