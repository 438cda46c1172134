// tests/cli/subprocess.hpp - runs a program as a user would and keeps what it says.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace heddle::test {

struct Launch {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // besides the test's own; an empty value removes one
  std::string directory;                           // working directory; empty: the test's
  unsigned short out_columns = 0;                  // 0: standard output is a pipe, else a terminal that wide
  unsigned short err_columns = 0;                  // the same for standard error
};

struct Finished {
  std::string out;
  std::string err;
  int status = -1;  // exit status; 128 plus the signal that ended it
};

class Process {
 public:
  // Throws std::system_error when the program cannot be started. The environment of the tests has neither
  // NO_COLOR nor colour settings, and TERM=xterm.
  Process(const std::string& program, const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads until standard error holds `text`. Throws std::runtime_error when the program ends before that, or
  // after a minute.
  void await_error_text(const std::string& text);
  void signal(int number);
  // Reads both outputs to their ends. Kills the program and throws std::runtime_error after a minute.
  Finished wait();

 private:
  struct Stream {
    int descriptor = -1;
    std::string text;
  };
  bool read_some(int timeout_ms);

  int child_ = -1;
  Stream out_;
  Stream err_;
};

Finished run(const std::string& program, const Launch& launch);

}  // namespace heddle::test
