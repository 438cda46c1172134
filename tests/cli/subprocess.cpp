#include "tests/cli/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace heddle::test {

namespace {

// With a program that hangs. No test takes as long, on whatever machine.
constexpr auto patience = std::chrono::minutes(15);

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// Our end and the program's end of one of its outputs.
std::pair<int, int> open_output(unsigned short columns) {
  if (columns == 0) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2");
    return {ends[0], ends[1]};
  }
  const int ours = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0 || grantpt(ours) != 0 || unlockpt(ours) != 0) fail("posix_openpt");
  const int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (theirs < 0) fail("open");
  termios settings{};
  tcgetattr(theirs, &settings);
  cfmakeraw(&settings);  // newlines stay as they are
  tcsetattr(theirs, TCSANOW, &settings);
  winsize size{};
  size.ws_row = 24;
  size.ws_col = columns;
  ioctl(ours, TIOCSWINSZ, &size);
  return {ours, theirs};
}

std::vector<std::string> environment_of(const Launch& launch) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) all[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const char* name : {"NO_COLOR", "CLICOLOR", "COLUMNS"}) all.erase(name);
  all["TERM"] = "xterm";
  for (const auto& [name, value] : launch.environment) all[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : all)
    if (!value.empty()) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& each : strings) all.push_back(each.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Process::Process(const std::string& program, const Launch& launch) {
  const auto [our_out, their_out] = open_output(launch.out_columns);
  const auto [our_err, their_err] = open_output(launch.err_columns);
  out_.descriptor = our_out;
  err_.descriptor = our_err;

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, their_out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, their_err, STDERR_FILENO);
  if (!launch.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, launch.directory.c_str());

  std::vector<std::string> arguments{program};
  arguments.insert(arguments.end(), launch.arguments.begin(), launch.arguments.end());
  std::vector<std::string> environment = environment_of(launch);
  const int error = posix_spawn(&child_, program.c_str(), &actions, nullptr, pointers(arguments).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  close(their_out);
  close(their_err);
  if (error != 0) throw std::system_error(error, std::generic_category(), program);
}

Process::~Process() {
  for (const int descriptor : {out_.descriptor, err_.descriptor})
    if (descriptor >= 0) close(descriptor);
  if (child_ < 0) return;
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

// False when both outputs have ended.
bool Process::read_some(int timeout_ms) {
  pollfd waited[2];
  Stream* streams[2];
  nfds_t count = 0;
  for (Stream* stream : {&out_, &err_}) {
    if (stream->descriptor < 0) continue;
    streams[count] = stream;
    waited[count++] = {stream->descriptor, POLLIN, 0};
  }
  if (count == 0) return false;
  if (poll(waited, count, timeout_ms) < 0 && errno != EINTR) fail("poll");
  for (nfds_t i = 0; i < count; ++i) {
    if (waited[i].revents == 0) continue;
    char buffer[4096];
    const ssize_t size = read(waited[i].fd, buffer, sizeof buffer);
    if (size > 0) {
      streams[i]->text.append(buffer, static_cast<std::size_t>(size));
    } else {  // a terminal ends with an error
      close(waited[i].fd);
      streams[i]->descriptor = -1;
    }
  }
  return true;
}

void Process::await_error_text(const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (err_.text.find(text) == std::string::npos) {
    if (!read_some(1'000))
      throw std::runtime_error("the program ended before it wrote '" + text + "': " + err_.text);
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the program does not write '" + text + "'");
  }
}

void Process::signal(int number) { kill(child_, number); }

Finished Process::wait() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (read_some(1'000))
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the program does not end; it wrote: " + out_.text + err_.text);
  int status = 0;
  if (waitpid(std::exchange(child_, -1), &status, 0) < 0) fail("waitpid");
  return {out_.text, err_.text, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

Finished run(const std::string& program, const Launch& launch) { return Process(program, launch).wait(); }

}  // namespace heddle::test
