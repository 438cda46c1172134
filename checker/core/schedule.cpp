#include "checker/core/schedule.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace heddle::checker {

namespace {

constexpr std::string_view version = "h1";
constexpr unsigned repetitions_max = 60'000;

[[noreturn]] void malformed(std::string_view what) {
  throw std::invalid_argument(
      "not a replay token: " + std::string(what) +
      ". A token looks like h1:counter/unlocked:1-2x2-1:0123abcd; copy the whole of it.");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

unsigned number(std::string_view text, std::string_view what, unsigned most) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most)
    malformed("'" + std::string(text) + "' is no " + std::string(what));
  return value;
}

// Takes what follows the mark off the end of the decisions.
std::optional<unsigned> limit(std::string_view& decisions, char mark, std::string_view what) {
  const std::size_t place = decisions.find(mark);
  if (place == std::string_view::npos) return std::nullopt;
  const unsigned value = number(decisions.substr(place + 1), what, repetitions_max);
  decisions = decisions.substr(0, place);
  return value;
}

// Takes the model, and the steps that read an old value, off the end of the decisions.
void parse_model(std::string_view& decisions, Schedule& schedule) {
  const std::size_t place = decisions.find('@');
  if (place == std::string_view::npos) return;
  const std::vector<std::string_view> parts = split(decisions.substr(place + 1), '/');
  decisions = decisions.substr(0, place);
  const auto model = parse_memory_model(parts.front());
  if (!model) malformed("'" + std::string(parts.front()) + "' is no memory model");
  schedule.model = *model;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::size_t dot = parts[i].find('.');
    if (dot == std::string_view::npos) malformed("'" + std::string(parts[i]) + "' is no step and age");
    const unsigned step = number(parts[i].substr(0, dot), "step", repetitions_max);
    if (step == 0) malformed("steps are counted from 1");
    if (schedule.ages.size() < step) schedule.ages.resize(step, 0);
    schedule.ages[step - 1] = number(parts[i].substr(dot + 1), "age", repetitions_max);
  }
}

void check_path(std::string_view path) {
  for (const std::string_view part : split(path, '.')) number(part, "thread", 1'000'000);
}

}  // namespace

std::string Schedule::token() const {
  std::string text = std::string(version) + ":" + name + ":";
  for (std::size_t i = 0; i < threads.size();) {
    std::size_t end = i;
    while (end < threads.size() && threads[end] == threads[i]) ++end;
    if (i > 0) text += '-';
    text += threads[i];
    if (end - i > 1) text += "x" + std::to_string(end - i);
    i = end;
  }
  std::size_t chosen = alternatives.size();
  while (chosen > 0 && alternatives[chosen - 1] == 0) --chosen;
  for (std::size_t i = 0; i < chosen; ++i) text += (i == 0 ? "+" : ".") + std::to_string(alternatives[i]);
  if (steps_limit != 0) text += "!" + std::to_string(steps_limit);
  if (spurious) text += "~" + std::to_string(*spurious);
  if (timeouts) text += "^" + std::to_string(*timeouts);
  const bool any_age = std::any_of(ages.begin(), ages.end(), [](std::uint32_t age) { return age != 0; });
  if (model != MemoryModel::Sc || any_age) text += "@" + std::string(to_string(model));
  for (std::size_t step = 0; step < ages.size(); ++step)
    if (ages[step] != 0) text += "/" + std::to_string(step + 1) + "." + std::to_string(ages[step]);
  char digits[16];
  std::snprintf(digits, sizeof digits, ":%08x", check);
  return text + digits;
}

Schedule Schedule::parse(std::string_view token) {
  const std::vector<std::string_view> parts = split(token, ':');
  if (parts.front() != version)
    malformed(parts.front().starts_with('h') && parts.size() > 1
                  ? "it was written by another version (" + std::string(parts.front()) + ")"
                  : "it does not begin with h1:");
  if (parts.size() != 4) malformed("it has " + std::to_string(parts.size()) + " parts instead of 4");
  Schedule schedule;
  schedule.name = parts[1];
  std::string_view decisions = parts[2];
  parse_model(decisions, schedule);
  schedule.timeouts = limit(decisions, '^', "limit of time-outs");
  schedule.spurious = limit(decisions, '~', "limit of spurious failures");
  schedule.steps_limit = limit(decisions, '!', "limit of steps").value_or(0);
  const std::size_t plus = decisions.find('+');
  const std::string_view steps = decisions.substr(0, plus);
  if (!steps.empty()) {
    for (const std::string_view run : split(steps, '-')) {
      const std::size_t times = run.find('x');
      const std::string_view path = run.substr(0, times);
      check_path(path);
      const unsigned count = times == std::string_view::npos
                                 ? 1
                                 : number(run.substr(times + 1), "number of steps", repetitions_max);
      if (schedule.threads.size() + count > repetitions_max) malformed("it has more than 60000 steps");
      schedule.threads.insert(schedule.threads.end(), count, std::string(path));
    }
  }
  if (plus != std::string_view::npos)
    for (const std::string_view answer : split(decisions.substr(plus + 1), '.'))
      schedule.alternatives.push_back(number(answer, "answer of choose()", 254));
  const auto [end, error] =
      std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), schedule.check, 16);
  if (parts[3].size() != 8 || error != std::errc() || end != parts[3].data() + parts[3].size())
    malformed("it does not end with eight hexadecimal digits");
  return schedule;
}

}  // namespace heddle::checker
