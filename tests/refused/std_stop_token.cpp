// tests/refused/std_stop_token.cpp - does not compile, and says why.

#include <heddle/thread.hpp>

#include <stop_token>

int main() {
  const heddle::jthread poller([](std::stop_token) {});
}
