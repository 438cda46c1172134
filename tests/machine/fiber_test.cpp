// tests/machine/fiber_test.cpp - switching, and exceptions that do not notice it.

#include "checker/machine/fiber.hpp"
#include "checker/machine/stack_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

// A fiber that runs a function object.
class Coroutine {
 public:
  Coroutine(StackPool& stacks, std::function<void(Coroutine&)> function) : fiber_(stacks.acquire()) {
    assign(std::move(function));
  }
  void assign(std::function<void(Coroutine&)> function) {
    function_ = std::move(function);
    fiber_.assign(
        [](void* self) { static_cast<Coroutine*>(self)->function_(*static_cast<Coroutine*>(self)); }, this);
  }
  void resume() { fiber_.resume(); }
  void suspend() { fiber_.suspend(); }
  bool idle() const { return fiber_.idle(); }

 private:
  Fiber fiber_;
  std::function<void(Coroutine&)> function_;
};

constexpr std::size_t stack_bytes = 64 * 1024;

TEST(FiberTest, RunsUntilItSuspendsAndGoesOnFromThere) {
  StackPool stacks(stack_bytes);
  std::string log;
  Coroutine fiber(stacks, [&](Coroutine& self) {
    log += 'a';
    self.suspend();
    log += 'c';
  });
  EXPECT_EQ(log, "");
  fiber.resume();
  log += 'b';
  EXPECT_FALSE(fiber.idle());
  fiber.resume();
  EXPECT_TRUE(fiber.idle());
  EXPECT_EQ(log, "abc");
}

TEST(FiberTest, IsUsedAgainAfterItsFunctionHasReturned) {
  StackPool stacks(stack_bytes);
  int sum = 0;
  Coroutine fiber(stacks, [&](Coroutine&) { sum += 1; });
  for (int n = 0; n < 1000; ++n) {
    fiber.resume();
    EXPECT_TRUE(fiber.idle());
    fiber.assign([&](Coroutine& self) {
      self.suspend();
      sum += 1;
    });
    fiber.resume();
    EXPECT_FALSE(fiber.idle());
  }
  EXPECT_EQ(sum, 1000);
}

TEST(FiberTest, AFiberMayResumeAnother) {
  StackPool stacks(stack_bytes);
  std::string log;
  Coroutine inner(stacks, [&](Coroutine& self) {
    log += '2';
    self.suspend();
    log += '5';
  });
  Coroutine outer(stacks, [&](Coroutine& self) {
    log += '1';
    inner.resume();
    log += '3';
    self.suspend();
    log += '6';
  });
  outer.resume();
  log += '4';
  inner.resume();  // now from here: it returns to whoever resumed it last
  outer.resume();
  EXPECT_EQ(log, "123456");
  EXPECT_TRUE(inner.idle());
  EXPECT_TRUE(outer.idle());
}

TEST(FiberTest, AnExceptionIsCaughtOnItsOwnFiberAfterASwitch) {
  StackPool stacks(stack_bytes);
  std::string caught;
  Coroutine fiber(stacks, [&](Coroutine& self) {
    try {
      self.suspend();
      throw std::runtime_error("late");
    } catch (const std::exception& error) {
      caught = error.what();
    }
  });
  fiber.resume();
  try {
    throw std::logic_error("here");
  } catch (const std::logic_error&) {
    fiber.resume();
    EXPECT_NE(std::current_exception(), nullptr);
  }
  EXPECT_EQ(caught, "late");
  EXPECT_EQ(std::current_exception(), nullptr);
}

TEST(FiberTest, HandlersOfTwoFibersMayInterleave) {
  StackPool stacks(stack_bytes);
  std::vector<std::string> rethrown;
  const auto handler = [&](const char* what) {
    return [&rethrown, what](Coroutine& self) {
      try {
        try {
          throw std::runtime_error(what);
        } catch (const std::runtime_error&) {
          self.suspend();  // inside the handler
          throw;           // what is current now?
        }
      } catch (const std::runtime_error& error) {
        self.suspend();
        rethrown.emplace_back(error.what());
        EXPECT_NE(std::current_exception(), nullptr);
      }
      EXPECT_EQ(std::current_exception(), nullptr);
    };
  };
  Coroutine a(stacks, handler("a"));
  Coroutine b(stacks, handler("b"));
  Coroutine c(stacks, handler("c"));
  for (int round = 0; round < 3; ++round) {  // neither nested nor in one order
    a.resume();
    EXPECT_EQ(std::current_exception(), nullptr);
    if (round == 1) {
      c.resume();
      b.resume();
    } else {
      b.resume();
      c.resume();
    }
  }
  EXPECT_THAT(rethrown, testing::ElementsAre("a", "b", "c"));
  EXPECT_TRUE(a.idle() && b.idle() && c.idle());
}

TEST(FiberTest, EachSideHasItsOwnCurrentException) {
  StackPool stacks(stack_bytes);
  const auto current = [] {
    try {
      if (const std::exception_ptr pointer = std::current_exception()) std::rethrow_exception(pointer);
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  std::string in_fiber;
  Coroutine fiber(stacks, [&](Coroutine& self) {
    in_fiber = current();
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      self.suspend();
      in_fiber += " " + current();
    }
  });
  try {
    throw std::runtime_error("outer");
  } catch (...) {
    fiber.resume();
    EXPECT_EQ(current(), "outer");
  }
  EXPECT_EQ(current(), "none");
  fiber.resume();
  EXPECT_EQ(in_fiber, "none inner");
}

TEST(FiberTest, UncaughtExceptionsAreCountedPerFiber) {
  StackPool stacks(stack_bytes);
  struct OnExit {
    std::function<void()> action;
    ~OnExit() { action(); }
  };
  int within = -1;
  Coroutine other(stacks, [&](Coroutine&) { within = std::uncaught_exceptions(); });
  int unwinding = -1;
  Coroutine fiber(stacks, [&](Coroutine& self) {
    try {
      const OnExit on_exit{[&] {
        self.suspend();  // during unwinding
        unwinding = std::uncaught_exceptions();
      }};
      throw 1;
    } catch (int) {
    }
  });
  fiber.resume();
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  other.resume();
  EXPECT_EQ(within, 0);
  fiber.resume();
  EXPECT_EQ(unwinding, 1);
  EXPECT_TRUE(fiber.idle());
}

TEST(FiberTest, StacksHaveTheSizeAskedForAndAGuardBelow) {
  StackPool stacks(100'000);
  const Stack stack = stacks.acquire();
  EXPECT_GE(stack.size(), 100'000u);
  EXPECT_TRUE(stack.guard_contains(stack.bottom() - 1));
  EXPECT_TRUE(stack.guard_contains(stack.mapping));
  EXPECT_FALSE(stack.guard_contains(stack.bottom()));
  EXPECT_FALSE(stack.guard_contains(stack.mapping - 1));
  *stack.bottom() = std::byte{1};  // writable from end to end
  *(stack.top() - 1) = std::byte{1};
}

}  // namespace
}  // namespace heddle::checker
