// checker/cli/arguments.hpp - the command line as data.
#pragma once

#include <heddle/native.hpp>
#include <heddle/options.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace heddle::checker {

enum class Command { List, Show, Check, Outcomes, Replay, Explain, Graph, Native };

struct Arguments {
  Command command = Command::List;
  std::vector<std::string> names;  // scenarios
  std::string schedule;            // replay, explain: a token or a file; graph: a scenario will do as well
  std::string output;              // graph: a file; empty: standard output
  std::string tag;
  bool all = false;
  bool expected = false;
  bool json = false;
  bool quiet = false;
  std::string color = "auto";
  std::string save;                   // directory
  std::vector<std::string> settings;  // k=v
  Options options;
  std::vector<MemoryModel> models = {MemoryModel::Sc};  // check: each in turn
  heddle::native::Options native;
  bool explain = false;  // native: show the model's witness of what went wrong
  bool scaling = false;  // native: measure speed-up instead
};

// What the user typed cannot be done; the message says what to type instead.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Help or the version was asked for: print this and end with status 0.
struct Printed {
  std::string text;
};

// Throws UsageError or Printed.
Arguments parse_arguments(int argc, const char* const* argv);

}  // namespace heddle::checker
