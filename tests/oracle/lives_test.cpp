// tests/oracle/lives_test.cpp - the lives of objects in random programs, judged by the standard's clauses.

#include "tests/oracle/fuzz.hpp"
#include "tests/oracle/lives_judge.hpp"
#include "tests/oracle/searches.hpp"

#include <heddle/atomic.hpp>
#include <heddle/check.hpp>
#include <heddle/expect.hpp>
#include <heddle/memory.hpp>
#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <iostream>
#include <optional>
#include <type_traits>

namespace heddle::lives {
namespace {

using oracle::Search;

constexpr std::uint64_t programs_standard = 2'500;
constexpr std::uint64_t interleavings_max = 20'000;

// ---- a program through the public types -----------------------------------------------------------------

template <bool tracked>
struct Node : std::conditional_t<tracked, heddle::tracked, std::type_identity<void>> {
  explicit Node(int u) : users(u, "users") {}
  var<int> value{0, "value"};
  atomic<int> users;
  std::array<char, 512> room{};  // so that nothing else is as large, and only nodes are made where nodes were
};

template <bool tracked>
class Run {
  using Node = lives::Node<tracked>;

 public:
  explicit Run(const Program& program) : program_(program) {}

  void operator()() {
    run(0);
    for (thread& each : threads_)
      if (each.joinable()) each.join();
    std::string outcome;
    for (const std::string& each : seen_) outcome += each + "|";
    heddle::outcome("seen", outcome);
  }

 private:
  struct Local {
    std::array<Node*, 2> registers{};
    std::optional<Node> own{};
    bool last = false;
    bool holds = false;
  };

  void run(unsigned number) {
    Local mine;
    for (const Instruction& next : program_.threads[number]) step(next, number, mine);
    unlock(mine);
  }

  void step(const Instruction& next, unsigned number, Local& mine) {
    const bool heap = next.place == Place::Heap;
    Node*& reg = mine.registers[static_cast<std::size_t>(next.place)];
    atomic<Node*>& slot = heap ? on_heap_ : on_stack_;
    const auto tell = [&](bool yes) { seen_[number] += yes ? '+' : '-'; };
    switch (next.op) {
      case Op::Make: reg = heap ? new Node(program_.users) : &mine.own.emplace(program_.users); break;
      case Op::EndIfLast:
        if (!mine.last) break;
        [[fallthrough]];
      case Op::End:
        if (heap) delete reg;
        else mine.own.reset();
        break;
      case Op::Publish: slot.store(reg, next.order); break;
      case Op::Clear: slot.store(nullptr, next.order); break;
      case Op::Get: tell((reg = slot.load(next.order)) != nullptr); break;
      case Op::Take: tell((reg = slot.exchange(nullptr, next.order)) != nullptr); break;
      case Op::Swap: tell((reg = slot.exchange(reg, next.order)) != nullptr); break;
      case Op::Insert: {
        Node* expected = nullptr;
        const bool inserted =
            slot.compare_exchange_strong(expected, reg, next.order, order_of_failure(next.order));
        tell(inserted);
        if (inserted) break;
        if (heap) delete reg;
        reg = expected;
        break;
      }
      case Op::Remove: {
        Node* expected = reg;
        const bool removed =
            slot.compare_exchange_strong(expected, nullptr, next.order, order_of_failure(next.order));
        tell(removed);
        if (!removed) reg = nullptr;
        break;
      }
      case Op::Fence: heddle::atomic_thread_fence(next.order); break;
      case Op::Lock:
        if (!std::exchange(mine.holds, true)) guard_.lock();
        break;
      case Op::Unlock: unlock(mine); break;
      case Op::Start:
        if (next.object < program_.threads.size() && !threads_[next.object].joinable() &&
            !begun_[next.object]) {
          begun_[next.object] = true;
          threads_[next.object] = thread([this, other = next.object] { run(other); });
        }
        break;
      case Op::Join:
        if (next.object >= program_.threads.size() || !begun_[next.object]) break;
        unlock(mine);
        if (threads_[next.object].joinable()) threads_[next.object].join();
        break;
      default:
        if (reg != nullptr) use(next, number, *reg, mine);
    }
  }

  void use(const Instruction& next, unsigned number, Node& node, Local& mine) {
    std::string& seen = seen_[number];
    switch (next.op) {
      case Op::Read: seen += std::to_string(node.value.load()); break;
      case Op::Write: node.value.store(1 + static_cast<int>(number)); break;
      case Op::Look: seen += std::to_string(node.users.load(next.order)); break;
      case Op::Mark: node.users.store(program_.users, next.order); break;
      case Op::Leave:
        mine.last = node.users.fetch_sub(1, next.order) == 1;
        seen += mine.last ? '+' : '-';
        break;
      default: break;
    }
  }

  void unlock(Local& mine) {
    if (std::exchange(mine.holds, false)) guard_.unlock();
  }

  const Program& program_;
  atomic<Node*> on_heap_{nullptr, "H"};
  atomic<Node*> on_stack_{nullptr, "S"};
  mutex guard_{"guard"};
  std::array<std::string, threads_max> seen_;
  std::array<bool, threads_max> begun_{};
  std::array<thread, threads_max> threads_;
};

// ---- comparing ------------------------------------------------------------------------------------------

constexpr Search searches[] = {oracle::optimal, oracle::sc_graphs, oracle::tso, oracle::rc11};

Result explore(const Program& program, const Search& search) {
  return check(
      [&] {
        if (program.tracked) Run<true>{program}();
        else Run<false>{program}();
      },
      oracle::options_of(search));
}

Faults faults_of(const Result& result, std::string& others) {
  Faults faults = 0;
  for (const Defect& defect : result.defects) switch (defect.kind) {
      case DefectKind::DataRace: faults |= Race; break;
      case DefectKind::UseAfterFree: faults |= OutsideLife; break;
      case DefectKind::Leak: faults |= Leak; break;
      default: others += std::string(to_string(defect.kind)) + ": " + defect.message + "\n";
    }
  return faults;
}

std::string to_string(Faults faults) {
  std::string text;
  if ((faults & Race) != 0) text += " data-race";
  if ((faults & OutsideLife) != 0) text += " use-after-free";
  if ((faults & Leak) != 0) text += " leak";
  return text.empty() ? " none" : text;
}

struct Totals {
  std::uint64_t programs = 0, interleavings = 0, clean = 0, race = 0, outside = 0, leak = 0, unsettled = 0,
                too_large = 0;
  void count(const Judgement& judgement) {
    ++programs;
    interleavings += judgement.interleavings;
    clean += judgement.any == 0 ? 1 : 0;
    race += (judgement.any & Race) != 0 ? 1 : 0;
    outside += (judgement.any & OutsideLife) != 0 ? 1 : 0;
    leak += (judgement.any & Leak) != 0 ? 1 : 0;
  }
};

// A program whose behaviour is undefined may go on differently after the same steps: which of two nodes a
// stale pointer is to depends on what is no step. Then the search ends with what it has found.
bool ends_early(const Judgement& expected, const Result& result) {
  return !result.exhaustive && result.verdict == Verdict::Defect && expected.any != 0 &&
         result.reason.find("an earlier execution performed") != std::string::npos;
}
// An end that does not come after the beginning may be called either.
Faults as_called(Faults faults) {
  return (faults & EndBeforeBeginning) != 0 ? faults | Race | OutsideLife : faults;
}
// Which node an address was meant for that came back cannot be told.
bool is_to_be_told(const Judgement& expected, Faults faults) { return faults != 0 && !expected.confused; }

// Nothing when the search finds what the clauses say. What a weak model allows beyond that can only add to
// it.
std::string disagreement(const Program& program, const Judgement& expected, const Search& search,
                         Totals& totals) {
  const bool is_exact = search.model == MemoryModel::Sc;
  std::string text;
  try {
    const Result result = explore(program, search);
    const bool early = ends_early(expected, result);
    if (early) ++totals.unsettled;
    else if (!result.exhaustive) text += "not exhaustive: " + result.reason + "\n";
    const Faults found = faults_of(result, text);
    const Faults possible = as_called(expected.any);
    if (is_exact && (found & ~possible) != 0)
      text += "found:" + to_string(found) + ", by the clauses at most:" + to_string(possible) + "\n";
    if (early) return text;
    for (const Faults faults : expected.interleavings_with)
      if (is_to_be_told(expected, faults) && (found & as_called(faults)) == 0)
        text += "missing, of one interleaving:" + to_string(faults) + "\n";
    const std::set<std::string> outcomes = oracle::outcomes_of(result);
    text += oracle::without(expected.outcomes, outcomes, "missing");
    if (is_exact && expected.any == 0) text += oracle::without(outcomes, expected.outcomes, "impossible");
  } catch (const std::exception& error) {
    text += std::string("exception: ") + error.what() + "\n";
  }
  return text;
}

// The judge itself, on what everybody knows.
TEST(LivesJudge, KnowsTheIdioms) {
  using enum std::memory_order;
  const auto faults = [](Code of_main, Code one, Code two) {
    for (const unsigned t : {1u, 2u}) of_main.push_back({.op = Op::Start, .object = t});
    return judge({.threads = {std::move(of_main), std::move(one), std::move(two)}}, interleavings_max)->any;
  };
  const auto publish = [](std::memory_order order) {
    return Code{{.op = Op::Make}, {.op = Op::Publish, .order = order}};
  };
  const auto read = [](std::memory_order order) {
    return Code{{.op = Op::Get, .order = order}, {.op = Op::Read}};
  };
  EXPECT_EQ(faults({}, publish(release), read(acquire)), 0);
  EXPECT_EQ(faults({}, publish(relaxed), read(acquire)), Race);
  EXPECT_EQ(faults({}, publish(release), read(relaxed)), Race);
  // Who leaves last deletes.
  const auto leave = [](std::memory_order order) {
    return Code{{.op = Op::Get}, {.op = Op::Read}, {.op = Op::Leave, .order = order}};
  };
  const auto deletes = [](Code code, std::memory_order fence) {
    code.push_back({.op = Op::Fence, .order = fence});
    code.push_back({.op = Op::EndIfLast});
    return code;
  };
  const auto both = [&](std::memory_order order, std::memory_order fence) {
    const Code code = deletes(leave(order), fence);
    return faults(publish(relaxed), code, code);
  };
  EXPECT_EQ(both(acq_rel, relaxed), 0);
  EXPECT_EQ(both(release, acquire), 0);
  EXPECT_EQ(both(release, relaxed), OutsideLife);
  EXPECT_EQ(both(relaxed, acquire), OutsideLife);
  // One takes and deletes what the other still reads.
  const Code take{{.op = Op::Take}, {.op = Op::End}};
  EXPECT_EQ(faults(publish(relaxed), take, take), 0);
  EXPECT_EQ(faults(publish(relaxed), take, read(seq_cst)), OutsideLife);
  EXPECT_EQ(faults({}, publish(relaxed), take), EndBeforeBeginning);
}

TEST(LivesFuzz, TheCheckerFindsWhatTheClausesForbid) {
  const std::uint64_t first = oracle::setting("HEDDLE_FUZZ_SEED", 1);
  const std::uint64_t programs = oracle::setting("HEDDLE_FUZZ_PROGRAMS", programs_standard);
  Totals totals;
  std::uint64_t seed = first;
  for (; totals.programs < programs; ++seed) {
    const Program program = random_program(seed);
    const auto expected = judge(program, interleavings_max);
    if (!expected) {
      ++totals.too_large;
      continue;
    }
    totals.count(*expected);
    for (const Search& search : searches) {
      if (disagreement(program, *expected, search, totals).empty()) continue;
      const auto disagrees = [&](const Program& candidate) {
        const auto judged = judge(candidate, interleavings_max);
        return judged ? disagreement(candidate, *judged, search, totals) : std::string();
      };
      ADD_FAILURE() << search.name << ", seed " << seed << "\n"
                    << oracle::told_with_smallest(program, disagrees);
      return;
    }
  }
  std::cout << "seeds " << first << " to " << seed - 1 << ", " << totals.programs << " programs ("
            << totals.interleavings << " interleavings): " << totals.clean << " without a fault, "
            << totals.race << " with a data race, " << totals.outside << " with a use outside a life, "
            << totals.leak << " with a leak; " << totals.unsettled << " searches without a verdict; "
            << totals.too_large << " programs left out as too large\n";
}

}  // namespace
}  // namespace heddle::lives
