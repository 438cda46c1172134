// scenarios/deadlock/alien_method_copied.cpp - calling a listener after giving the lock back

#include <heddle/mutex.hpp>
#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

#include <functional>
#include <utility>

namespace {

class Account {
 public:
  using Listener = std::function<void()>;
  void listen(Listener listener) { listener_ = std::move(listener); }
  void deposit(int amount) {
    Listener listener;
    {
      const heddle::lock_guard hold(guard_);
      balance_ += amount;
      listener = listener_;
    }
    listener();
  }
  int balance() {
    const heddle::lock_guard hold(guard_);
    return balance_.load();
  }

 private:
  heddle::mutex guard_{"account"};
  heddle::var<int> balance_{0, "balance"};
  Listener listener_;
};

class Display {
 public:
  explicit Display(Account& account) : account_(account) {}
  void changed() {
    const heddle::lock_guard hold(guard_);
    ++changes_;
  }
  void refresh() {
    const heddle::lock_guard hold(guard_);
    account_.balance();
  }

 private:
  Account& account_;
  heddle::mutex guard_{"display"};
  heddle::var<int> changes_{0, "changes"};
};

void alien_method_copied(const heddle::Parameters&) {
  Account account;
  Display display(account);
  account.listen([&] { display.changed(); });

  heddle::thread teller([&] { account.deposit(10); });
  heddle::thread clock([&] { display.refresh(); });
  teller.join();
  clock.join();
}

const heddle::Registered registered{{
    .name = "deadlock/alien_method_copied",
    .lesson = "calling a listener after giving the lock back",
    .story = "The account copies what it needs, gives its lock back and only then calls the listener. "
             "No thread ever holds one of the two locks while it waits for the other.",
    .tags = {"deadlock", "course"},
    .expects = std::nullopt,
    .pair = "deadlock/alien_method",
    .body = alien_method_copied,
}};

}  // namespace
