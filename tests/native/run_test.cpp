// tests/native/run_test.cpp - what native runs count, in both forms.
//
// Nothing here depends on what threads do in which order: only what every order has in common is asserted.

#include <heddle/barrier.hpp>
#include <heddle/choose.hpp>
#include <heddle/condition_variable.hpp>
#include <heddle/expect.hpp>
#include <heddle/future.hpp>
#include <heddle/latch.hpp>
#include <heddle/mutex.hpp>
#include <heddle/native.hpp>
#include <heddle/once.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/thread.hpp>
#include <heddle/thread_local.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <stdexcept>

namespace heddle::native {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::uint64_t runs = 600;  // more than one batch

Options of(Form form) {
  Options options;
  options.form = form;
  options.runs = runs;
  options.time = std::chrono::milliseconds(0);
  options.unresponsive = std::chrono::minutes(1);
  return options;
}

// Runs by the values of the only outcome.
std::map<std::string, std::uint64_t> counts(const Result& result) {
  std::map<std::string, std::uint64_t> all;
  for (const Outcome& outcome : result.outcomes) all[outcome.values.front().second] += outcome.runs;
  return all;
}

class BothForms : public testing::TestWithParam<Form> {
 protected:
  Result run_body(const std::function<void()>& body) {
    Result result = run(body, of(GetParam()));
    EXPECT_EQ(result.form, GetParam());
    EXPECT_EQ(result.fault, std::nullopt) << result.fault->message << result.output;
    EXPECT_EQ(result.runs, runs);
    return result;
  }
};

TEST_P(BothForms, CountsOutcomes) {
  const Result result = run_body([] {
    atomic<int> count{0};
    thread first([&] { ++count; });
    thread second([&] { ++count; });
    first.join();
    second.join();
    outcome("count", count);
    outcome("word", "text");
  });
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].values, (Values{{"count", "2"}, {"word", "text"}}));
  EXPECT_EQ(result.outcomes[0].runs, runs);
  EXPECT_EQ(result.outcomes[0].failed, 0u);
  EXPECT_EQ(result.failed, 0u);
  EXPECT_GT(result.elapsed.count(), 0);
}

TEST_P(BothForms, OutcomesRecordedByThreadsBelongToTheirRun) {
  const Result result = run_body([] {
    const auto chosen = static_cast<int>(choose(3));
    thread first([=] { outcome("a", chosen); });
    thread second([=] { outcome("b", chosen); });
    first.join();
    second.join();
  });
  std::uint64_t sum = 0;
  for (const Outcome& each : result.outcomes) {
    EXPECT_EQ(each.values[0].second, each.values[1].second);
    sum += each.runs;
  }
  EXPECT_EQ(sum, runs);
  EXPECT_EQ(result.outcomes.size(), 3u) << "each choice comes up in 600 runs, whatever the seed is worth";
}

TEST_P(BothForms, EqualSeedsChooseEqually) {
  const auto body = [] {
    thread only([] { outcome("chosen", choose(5)); });
    only.join();
  };
  const Result first = run_body(body);
  EXPECT_EQ(counts(first), counts(run_body(body)));
  Options other = of(GetParam());
  other.seed = 2;
  EXPECT_NE(counts(first), counts(run(body, other)));
}

TEST_P(BothForms, TheEndOfAThreadMakesReadyAndNotifies) {
  const Result result = run_body([] {
    promise<int> given;
    future<int> coming = given.get_future();
    condition_variable changed;
    mutex guard;
    bool ended = false;
    int last = 0;
    thread first([&] {
      given.set_value_at_thread_exit(1);
      unique_lock hold(guard);
      ended = true;
      notify_all_at_thread_exit(changed, std::move(hold));
      last = 1;
    });
    thread second([&] {
      unique_lock hold(guard);
      changed.wait(hold, [&] { return ended; });
      outcome("sum", coming.get() + last);
    });
    first.join();
    second.join();
  });
  EXPECT_EQ(counts(result), (std::map<std::string, std::uint64_t>{{"2", runs}}));
}

TEST_P(BothForms, RequirementInMainFailsTheRunThatKeepsItsOutcome) {
  const Result result = run_body([] {
    var<int> count{0};
    thread only([&] { ++count; });
    only.join();
    outcome("count", count);
    require_eq(count, 2);
    outcome("count", 7);
  });
  EXPECT_EQ(result.failed, runs);
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].values, (Values{{"count", "1"}}));
  EXPECT_EQ(result.outcomes[0].failed, runs);
  ASSERT_EQ(result.failures.size(), 1u);
  EXPECT_THAT(result.failures[0].message, HasSubstr("expected 1 == 2 (run_test.cpp:"));
  EXPECT_EQ(result.failures[0].runs, runs);
  EXPECT_EQ(result.failures[0].first, 1u);
}

TEST_P(BothForms, RequirementInAThreadEndsThatThreadAndReleasesItsLocks) {
  const Result result = run_body([] {
    mutex guard;
    var<int> count{0};
    const auto work = [&](bool fails) {
      const lock_guard hold(guard);
      require(!fails);
      ++count;
    };
    thread first(work, true);
    thread second(work, false);
    first.join();
    second.join();
    outcome("count", count);
  });
  EXPECT_THAT(counts(result), ElementsAre(Pair("1", runs)));
  EXPECT_EQ(result.failed, runs);
}

TEST_P(BothForms, RequirementInMainBeforeTheJoinStillJoins) {
  const Result result = run_body([] {
    thread only([] { outcome("seen", 1); });
    require(false);
    only.join();
  });
  EXPECT_THAT(counts(result), ElementsAre(Pair("1", runs)));
  EXPECT_EQ(result.failed, runs);
}

TEST_P(BothForms, AnExceptionFailsTheRun) {
  const Result result = run_body([] {
    thread first([] { throw std::runtime_error("no more"); });
    thread second([] { throw 1; });
    first.join();
    second.join();
  });
  EXPECT_EQ(result.failed, runs);
  for (const Failure& failure : result.failures)
    EXPECT_THAT(failure.message, testing::AnyOf("T1 ended with an exception: no more",
                                                "T2 ended with an exception that is no std::exception"));
}

TEST_P(BothForms, AFalseAssumptionDiscardsTheRun) {
  const Result result = run_body([] {
    const std::size_t chosen = choose(2);
    thread only([=] {
      assume(chosen == 1);
      outcome("chosen", chosen);
    });
    only.join();
    require(chosen == 1);
  });
  EXPECT_GT(result.discarded, 0u);
  EXPECT_LT(result.discarded, runs);
  EXPECT_EQ(result.failed, 0u) << "a discarded run fails nothing";
  EXPECT_THAT(counts(result), ElementsAre(Pair("1", runs - result.discarded)));
}

TEST_P(BothForms, ThreadsThatWaitForEachOtherMeet) {
  const Result result = run_body([] {
    latch ready{2};
    counting_semaphore<2> slots{0};
    barrier phase{2};
    mutex guard;
    condition_variable changed;
    var<bool> done{false};
    once_flag once;
    atomic<int> calls{0};
    thread first([&] {
      ready.arrive_and_wait();
      slots.acquire();
      phase.arrive_and_wait();
      unique_lock hold(guard);
      changed.wait(hold, [&] { return done.load(); });
      call_once(once, [&] { ++calls; });
    });
    thread second([&] {
      ready.arrive_and_wait();
      slots.release();
      phase.arrive_and_wait();
      {
        const lock_guard hold(guard);
        done = true;
      }
      changed.notify_one();
      call_once(once, [&] { ++calls; });
    });
    first.join();
    second.join();
    outcome("calls", calls);
  });
  EXPECT_THAT(counts(result), ElementsAre(Pair("1", runs)));
}

TEST_P(BothForms, ThreadsHaveNumbersOfTheirOwn) {
  const Result result = run_body([] {
    thread_local_var<int> own{0};
    ++*own;
    thread first([&] { outcome("first", ++*own); });
    thread second([&] { outcome("second", ++*own); });
    const bool differ = first.get_id() != second.get_id() && first.get_id() != this_thread::get_id();
    first.join();
    second.join();
    outcome("differ", differ);
    outcome("main", *own);
  });
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].values,
            (Values{{"differ", "true"}, {"first", "1"}, {"main", "1"}, {"second", "1"}}));
}

TEST_P(BothForms, MainMayStartThreadsAgain) {
  const Result result = run_body([] {
    var<int> count{0};
    for (int round = 0; round < 3; ++round) {
      thread only([&] { ++count; });
      only.join();
    }
    outcome("count", count);
  });
  EXPECT_THAT(counts(result), ElementsAre(Pair("3", runs)));
}

INSTANTIATE_TEST_SUITE_P(, BothForms, testing::Values(Form::Whole, Form::Stress),
                         [](const auto& form) { return form.param == Form::Whole ? "Whole" : "Stress"; });

// ---- which form ---------------------------------------------------------------------------------------

Result run_as_suits(const std::function<void()>& body) {
  Result result = run(body, of(Form::Automatic));
  EXPECT_EQ(result.fault, std::nullopt);
  EXPECT_EQ(result.runs, runs);
  return result;
}

TEST(FormTest, ASmallScenarioThatOnlyJoinsIsStressed) {
  const Result result = run_as_suits([] {
    var<int> count{0};
    thread only([&] { ++count; });
    only.join();
  });
  EXPECT_EQ(result.form, Form::Stress);
  EXPECT_EQ(result.form_reason, "");
}

TEST(FormTest, AMainThatDoesSomethingVisibleMeanwhileIsRunWhole) {
  const Result result = run_as_suits([] {
    atomic<int> count{0};
    thread only([&] { ++count; });
    ++count;
    only.join();
  });
  EXPECT_EQ(result.form, Form::Whole);
  EXPECT_THAT(result.form_reason, HasSubstr("between starting its threads and joining them, main does"));
}

TEST(FormTest, ThreadsThatStartThreadsAreRunWhole) {
  const Result result = run_as_suits([] {
    thread outer([] {
      thread inner([] {});
      inner.join();
    });
    outer.join();
  });
  EXPECT_EQ(result.form, Form::Whole);
  EXPECT_THAT(result.form_reason, HasSubstr("T1.1 is started by a thread that is not main"));
}

TEST(FormTest, AScenarioWithoutThreadsIsRunWhole) {
  EXPECT_EQ(run_as_suits([] { outcome("n", 1); }).form, Form::Whole);
}

TEST(FormTest, WhatShowsOnlyWithAnotherChoiceIsFoundWhileRunning) {
  const Result result = run_as_suits([] {
    const bool waits = choose(2) == 1;
    latch ready{1};
    thread only([&] { ready.count_down(); });
    if (waits) ready.wait();
    only.join();
  });
  EXPECT_EQ(result.form, Form::Whole);
  EXPECT_THAT(result.form_reason, HasSubstr("main waits for"));
}

TEST(FormTest, StressThatIsAskedForAndDoesNotSuitIsRefused) {
  const auto body = [] {
    promise<int> answer;
    auto future = answer.get_future();
    thread only([&] { answer.set_value(1); });
    future.get();
    only.join();
  };
  try {
    run(body, of(Form::Stress));
    FAIL() << "should have been refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("main waits for something (run_test.cpp:"));
    EXPECT_THAT(error.what(), HasSubstr("Run it whole"));
  }
}

TEST(FormTest, WeakOrdersAreNoticed) {
  const auto body = [](std::memory_order order) {
    return [order] {
      atomic<int> x{0};
      thread only([&] { x.store(1, order); });
      only.join();
    };
  };
  EXPECT_TRUE(run(body(memory_order_relaxed), of(Form::Automatic)).weak_orders);
  EXPECT_FALSE(run(body(memory_order_seq_cst), of(Form::Automatic)).weak_orders);
}

TEST(RunTest, PinnedThreadsComeToTheSame) {
  Options options = of(Form::Whole);
  options.pinned = true;
  const Result result = run(
      [] {
        atomic<int> count{0};
        thread first([&] { ++count; });
        thread second([&] { ++count; });
        first.join();
        second.join();
        outcome("count", count);
      },
      options);
  EXPECT_THAT(counts(result), ElementsAre(Pair("2", runs)));
}

TEST(RunTest, TimeEndsIt) {
  Options options;
  options.time = std::chrono::milliseconds(1);
  options.unresponsive = std::chrono::minutes(1);
  for (const Form form : {Form::Whole, Form::Stress}) {
    options.form = form;
    const Result result = run([] { thread([] {}).join(); }, options);
    EXPECT_FALSE(result.interrupted);
    EXPECT_EQ(result.fault, std::nullopt);
  }
}

TEST(RunTest, OutputIsKept) {
  Options options = of(Form::Whole);
  options.runs = 1;
  EXPECT_EQ(run([] { std::printf("printed\n"); }, options).output, "printed\n");
}

TEST(RunTest, NothingRemainsInTheCallingProcess) {
  int calls = 0;
  Options options = of(Form::Whole);
  options.runs = 3;
  EXPECT_EQ(run([&] { ++calls; }, options).runs, 3u);
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace heddle::native
