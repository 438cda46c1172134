#include "tests/oracle/handles_program.hpp"

#include "tests/oracle/fuzz.hpp"

#include <array>
#include <utility>

namespace heddle::handles {

std::string_view to_string(Profile profile) {
  switch (profile) {
    case Profile::Owners: return "owners";
    case Profile::Results: return "results";
    case Profile::Both: return "both";
  }
  return "?";
}

namespace {

bool shows_little(Op op) { return op >= Op::Drop && op <= Op::Replace; }

}  // namespace

Program random_program(std::uint64_t seed, Profile profile) {
  oracle::Dice dice(seed * 3 + static_cast<std::uint64_t>(profile));
  Program program;
  program.shares = dice.percent(50);
  program.observes = dice.percent(50);
  program.threads.resize(dice.percent(35) ? 3 : 2);
  const auto threads = static_cast<unsigned>(program.threads.size());
  for (unsigned t = 0; t < threads; ++t) {
    Code& code = program.threads[t];
    for (unsigned n = 1 + dice.below(threads == 2 ? 4 : 2); n > 0; --n) {
      const bool owners = profile == Profile::Owners || (profile == Profile::Both && dice.percent(50));
      const unsigned of_owners[] = {10, 16, 12, 12, 8, 8, 8, 16, 12, 6, 12};
      const unsigned of_results[] = {20, 6, 8, 16, 22, 12, 14, 8, 6, 10};
      const unsigned op =
          owners ? dice.weighted(of_owners) : static_cast<unsigned>(Op::SetValue) + dice.weighted(of_results);
      const unsigned other = dice.percent(15) ? t : (t + 1 + dice.below(threads - 1)) % threads;
      code.push_back({.op = static_cast<Op>(op), .other = other});
      if (shows_little(code.back().op) && dice.percent(60))
        code.push_back({.op = dice.percent(70) ? Op::Look : Op::Gone});
    }
  }
  return program;
}

std::string to_string(const Program& program) {
  constexpr std::array<std::string_view, 21> names = {
      "make",      "drop",  "load",        "store",   "swap",       "replace",
      "observe",   "lock",  "look",        "count",   "gone",       "set value",
      "set error", "break", "call task",   "get of ", "is ready? ", "get of task of ",
      "async",     "defer", "get of async"};
  std::string text = program.shares ? "each begins with an owner\n" : "";
  if (program.observes) text += "each begins with an observer\n";
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += "T" + std::to_string(t + 1) + ":\n";
    for (const Instruction& i : program.threads[t]) {
      text += "  " + std::string(names[static_cast<std::size_t>(i.op)]);
      if (i.op == Op::Get || i.op == Op::IsReady || i.op == Op::GetOfTask)
        text += "T" + std::to_string(i.other + 1);
      text += "\n";
    }
  }
  return text;
}

std::vector<Program> smaller(const Program& program) {
  std::vector<Program> result;
  const auto with = [&](bool shares, bool observes, std::vector<Code> threads) {
    result.push_back({.shares = shares, .observes = observes, .threads = std::move(threads)});
  };
  if (program.shares) with(false, program.observes, program.threads);
  if (program.observes) with(program.shares, false, program.threads);
  for (auto& threads : oracle::with_one_less(program.threads))
    with(program.shares, program.observes, std::move(threads));
  return result;
}

}  // namespace heddle::handles
