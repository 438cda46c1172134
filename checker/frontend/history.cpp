// checker/frontend/history.cpp - a history of overlapping calls, drawn.

#include "checker/machine/machine.hpp"

#include <heddle/linearizable.hpp>

#include <algorithm>

namespace heddle::detail {

std::string draw_history(const std::vector<CallRecord>& calls) {
  const auto name = [](const CallRecord& call) {
    return in_model() ? current_machine->lineage().name(static_cast<checker::ThreadIndex>(call.thread))
                      : std::to_string(call.thread);
  };
  std::size_t names = 0;
  std::size_t end = 0;
  for (const CallRecord& call : calls) {
    names = std::max(names, name(call).size());
    end = std::max(end, std::min(call.ended, 2 * calls.size()));
  }
  std::string text;
  for (const CallRecord& call : calls) {
    const bool open = call.ended > end;
    const std::size_t last = open ? end : call.ended;
    std::string line = "\n  " + name(call) + std::string(names - name(call).size() + 2, ' ');
    line += std::string(2 * call.began, ' ') + "|" + std::string(2 * (last - call.began) - 1, '-') +
            (open ? ">" : "|");
    line += std::string(2 * (end - last) + 2, ' ') + call.text;
    text += line;
  }
  return text;
}

}  // namespace heddle::detail
