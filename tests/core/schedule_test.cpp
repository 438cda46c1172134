// tests/core/schedule_test.cpp - replay tokens: what is written is read, and nothing else.

#include "checker/core/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace heddle::checker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal(const std::string& token) {
  try {
    Schedule::parse(token);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ScheduleTest, RunsOfStepsAreWrittenOnce) {
  const Schedule schedule{"counter/unlocked,threads=3", {"1", "2", "2", "1.2", "0"}, {}, 0x0123abcd};
  EXPECT_EQ(schedule.token(), "h1:counter/unlocked,threads=3:1-2x2-1.2-0:0123abcd");
}

TEST(ScheduleTest, AnswersFollowAPlusSignWithoutTrailingZeros) {
  EXPECT_EQ((Schedule{"n", {"1"}, {0, 1, 254, 0, 0}, 1}.token()), "h1:n:1+0.1.254:00000001");
  EXPECT_EQ((Schedule{"n", {"1"}, {0, 0}, 1}.token()), "h1:n:1:00000001");
  EXPECT_EQ((Schedule{"n", {}, {2}, 1}.token()), "h1:n:+2:00000001");
}

TEST(ScheduleTest, AnUnusualLimitOfStepsFollowsAnExclamationMark) {
  Schedule schedule{"n", {"1", "1"}, {2}, 1};
  schedule.steps_limit = 500;
  EXPECT_EQ(schedule.token(), "h1:n:1x2+2!500:00000001");
  const Schedule read = Schedule::parse(schedule.token());
  EXPECT_EQ(read.steps_limit, 500u);
  EXPECT_EQ(read.threads, schedule.threads);
  EXPECT_EQ(read.alternatives, schedule.alternatives);
}

TEST(ScheduleTest, WhatIsWrittenIsRead) {
  for (const Schedule& schedule :
       {Schedule{"", {}, {}, 0}, Schedule{"a/b,c=d", {"1", "1", "2", "1"}, {}, 0xffffffff},
        Schedule{"a", {"0", "1.2.3", "1.2.3"}, {0, 0, 3}, 5}, Schedule{"a", {}, {7}, 0x10}}) {
    const Schedule read = Schedule::parse(schedule.token());
    EXPECT_EQ(read.name, schedule.name);
    EXPECT_EQ(read.threads, schedule.threads);
    EXPECT_EQ(read.alternatives, schedule.alternatives);
    EXPECT_EQ(read.check, schedule.check);
  }
}

TEST(ScheduleTest, RandomSchedulesSurviveTheRoundTrip) {
  std::mt19937 random(4);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  for (int round = 0; round < 500; ++round) {
    Schedule schedule{"x", {}, {}, static_cast<std::uint32_t>(random())};
    for (unsigned n = below(40); n > 0; --n)
      schedule.threads.push_back(below(3) == 0
                                     ? std::to_string(1 + below(3)) + "." + std::to_string(1 + below(12))
                                     : std::to_string(below(12)));
    for (unsigned n = below(6); n > 0; --n) schedule.alternatives.push_back(below(255));
    while (!schedule.alternatives.empty() && schedule.alternatives.back() == 0)
      schedule.alternatives.pop_back();
    schedule.model = std::array{MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11}[below(3)];
    if (schedule.model != MemoryModel::Sc) {
      for (std::size_t step = 0; step < schedule.threads.size(); ++step) schedule.ages.push_back(below(3));
      while (!schedule.ages.empty() && schedule.ages.back() == 0) schedule.ages.pop_back();
    }
    const Schedule read = Schedule::parse(schedule.token());
    ASSERT_EQ(read.threads, schedule.threads) << schedule.token();
    ASSERT_EQ(read.alternatives, schedule.alternatives) << schedule.token();
    ASSERT_EQ(read.check, schedule.check) << schedule.token();
    ASSERT_EQ(read.model, schedule.model) << schedule.token();
    ASSERT_EQ(read.ages, schedule.ages) << schedule.token();
  }
}

TEST(ScheduleTest, NamesTheModelAndTheStepsThatReadSomethingOld) {
  Schedule schedule{"n", {"1", "1", "2", "2"}, {}, 1};
  schedule.model = MemoryModel::Rc11;
  schedule.ages = {0, 0, 2, 1};
  EXPECT_EQ(schedule.token(), "h1:n:1x2-2x2@rc11/3.2/4.1:00000001");
  schedule.timeouts = 5;
  EXPECT_EQ(Schedule::parse(schedule.token()).timeouts, 5u);
}

TEST(ScheduleTest, RunsOfStepsAreExpanded) {
  EXPECT_THAT(Schedule::parse("h1:n:1-2x2-1:00000000").threads, ElementsAre("1", "2", "2", "1"));
}

TEST(ScheduleTest, EveryMalformedTokenIsRefusedWithItsReason) {
  const std::pair<const char*, const char*> malformed[] = {
      {"", "it does not begin with h1:"},
      {"hello", "it does not begin with h1:"},
      {"n:1:00000000", "it does not begin with h1:"},
      {" h1:n:1:00000000", "it does not begin with h1:"},
      {"h2:n:1:00000000", "it was written by another version (h2)"},
      {"h1", "it has 1 parts instead of 4"},
      {"h1:n:1", "it has 3 parts instead of 4"},
      {"h1:n:1:00000000:", "it has 5 parts instead of 4"},
      {"h1:n:T1:00000000", "'T1' is no thread"},
      {"h1:n:-1:00000000", "'' is no thread"},
      {"h1:n:1-:00000000", "'' is no thread"},
      {"h1:n:1.:00000000", "'' is no thread"},
      {"h1:n:1..2:00000000", "'' is no thread"},
      {"h1:n:x2:00000000", "'' is no thread"},
      {"h1:n:1 -2:00000000", "'1 ' is no thread"},
      {"h1:n:1000001:00000000", "'1000001' is no thread"},
      {"h1:n:99999999999999999999:00000000", "'99999999999999999999' is no thread"},
      {"h1:n:1x:00000000", "'' is no number of steps"},
      {"h1:n:1x2x3:00000000", "'2x3' is no number of steps"},
      {"h1:n:1x-2:00000000", "'' is no number of steps"},
      {"h1:n:1x60001:00000000", "'60001' is no number of steps"},
      {"h1:n:1x60000-1:00000000", "it has more than 60000 steps"},
      {"h1:n:1+:00000000", "'' is no answer of choose()"},
      {"h1:n:1+0..1:00000000", "'' is no answer of choose()"},
      {"h1:n:1+255:00000000", "'255' is no answer of choose()"},
      {"h1:n:1+1+2:00000000", "'1+2' is no answer of choose()"},
      {"h1:n:1@:00000000", "'' is no memory model"},
      {"h1:n:1@power:00000000", "'power' is no memory model"},
      {"h1:n:1@rc11/1:00000000", "'1' is no step and age"},
      {"h1:n:1@rc11/0.1:00000000", "steps are counted from 1"},
      {"h1:n:1@rc11/1.x:00000000", "'x' is no age"},
      {"h1:n:1@rc11/60001.1:00000000", "'60001' is no step"},
      {"h1:n:1!:00000000", "'' is no limit of steps"},
      {"h1:n:1!60001:00000000", "'60001' is no limit of steps"},
      {"h1:n:1!5+1:00000000", "'5+1' is no limit of steps"},
      {"h1:n:1!5!5:00000000", "'5!5' is no limit of steps"},
      {"h1:n:1:", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:1234567", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:123456789", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:0x123456", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:-1234567", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:1234567g", "it does not end with eight hexadecimal digits"},
      {"h1:n:1:1234567 ", "it does not end with eight hexadecimal digits"},
  };
  for (const auto& [token, reason] : malformed) {
    const std::string message = refusal(token);
    EXPECT_THAT(message, HasSubstr(std::string("not a replay token: ") + reason)) << token;
    EXPECT_THAT(message, HasSubstr("copy the whole of it.")) << token;
  }
}

TEST(ScheduleTest, GarbageIsRefusedOrReadAsATokenButNeverHarmful) {
  std::mt19937 random(5);
  const std::string alphabet = "h1:n/-x+!.,0239aT \n\xff";
  const std::string valid = "h1:counter/unlocked,threads=3:1-2x2-1.2-0+0.1:0123abcd";
  for (int round = 0; round < 20'000; ++round) {
    std::string token;
    if (round % 2 == 0) {
      token = valid;
      for (unsigned n = 1 + static_cast<unsigned>(random() % 3); n > 0; --n) {
        const std::size_t at = random() % token.size();
        if (random() % 3 == 0) token.erase(at, 1);
        else if (random() % 2 == 0) token[at] = alphabet[random() % alphabet.size()];
        else token.insert(at, 1, alphabet[random() % alphabet.size()]);
      }
    } else {
      for (unsigned n = static_cast<unsigned>(random() % 30); n > 0; --n)
        token += alphabet[random() % alphabet.size()];
    }
    Schedule schedule;
    try {
      schedule = Schedule::parse(token);
    } catch (const std::invalid_argument&) {
      continue;
    }
    const Schedule again = Schedule::parse(schedule.token());
    ASSERT_EQ(again.threads, schedule.threads) << token;
    ASSERT_EQ(again.check, schedule.check) << token;
  }
}

}  // namespace
}  // namespace heddle::checker
