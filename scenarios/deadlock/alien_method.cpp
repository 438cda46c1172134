// scenarios/deadlock/alien_method.cpp - calling a listener while holding a lock

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
    const heddle::lock_guard hold(guard_);
    balance_ += amount;
    listener_();  // whatever it does, it does under our lock
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

void alien_method(const heddle::Parameters&) {
  Account account;
  Display display(account);
  account.listen([&] { display.changed(); });

  heddle::thread teller([&] { account.deposit(10); });
  heddle::thread clock([&] { display.refresh(); });
  teller.join();
  clock.join();
}

const heddle::Registered registered{{
    .name = "deadlock/alien_method",
    .lesson = "calling a listener while holding a lock",
    .story = "An account tells its listener about a deposit while it holds its own lock. "
             "The listener, which the account knows nothing about, locks the display. "
             "The display, in its own thread, has locked itself and asks the account for its balance.",
    .tags = {"deadlock", "course"},
    .expects = heddle::DefectKind::Deadlock,
    .pair = "deadlock/alien_method_copied",
    .body = alien_method,
}};

}  // namespace
