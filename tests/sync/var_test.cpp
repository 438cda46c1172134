// tests/sync/var_test.cpp - a plain variable of any type, under the checker and outside.

#include "tests/sync/programs.hpp"

#include <heddle/atomic.hpp>
#include <heddle/var.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace heddle {
namespace {

using tests::behaviour;
using tests::run_threads;
using tests::Texts;

static_assert(std::is_copy_constructible_v<var<int>> && std::is_copy_assignable_v<var<int>>);
static_assert(std::is_convertible_v<int, var<int>>);
static_assert(!std::is_convertible_v<var<int>&, int&>);

struct Point {
  int x = 0;
  int y = 0;
  int z = 0;
  int sum() const { return x + y + z; }
};

// Inside and outside an exploration.
void expect_everywhere(const tests::Body& body) {
  body();
  EXPECT_EQ(behaviour(body), Texts{});
}

TEST(VarTest, CompoundAssignmentIsThatOfTheType) {
  expect_everywhere([] {
    var<int> n = 7;
    require_eq(n *= 1.5, 10);
    require_eq(n /= 3, 3);
    require_eq(n %= 2, 1);
    require_eq(n <<= 4, 16);
    require_eq(n >>= 1, 8);
    var<unsigned> bits = 6u;
    require_eq(bits |= 1, 7u);
    require_eq(bits &= 3, 3u);
    require_eq(bits ^= 2, 1u);
    var<std::string> text = std::string("a");
    text += 'b';
    text += "c";
    require_eq(text.load(), "abc");
    int numbers[3] = {1, 2, 3};
    var<int*> at = numbers;
    at += 2;
    require_eq(*at, 3);
    n += at[-1];
    n += bits;
    require_eq(n, 11);
  });
}

TEST(VarTest, ACopyIsAVariableOfItsOwn) {
  expect_everywhere([] {
    struct Pair {
      var<int> first = 1;
      var<int> second = 2;
    } pair;
    Pair copy = pair;
    copy.first = 3;
    pair.second = copy.first;
    require(pair.first == 1 && pair.second == 3);
    pair = copy;
    require(pair.first == 3 && pair.second == 2);
    std::swap(pair.first, pair.second);
    swap(copy.first, copy.second);
    require(pair.first == 2 && copy.first == 2 && copy.second == 3);
    std::vector<var<int>> row;
    row.resize(3);
    row.push_back(4);
    require(row[0] == 0 && row[3] == 4);
  });
}

TEST(VarTest, ArrowShowsAPointeeOrTheValue) {
  expect_everywhere([] {
    Point at{1, 2, 3};
    var<Point*> raw = &at;
    raw->x = 4;
    var<std::shared_ptr<Point>> shared = std::make_shared<Point>();
    shared->y = 5;
    var<Point> point = at;
    require(raw->sum() == 9 && shared.load()->y == 5 && point->sum() == 9);
  });
}

TEST(VarTest, AContainerIsUsedInItsPlace) {
  expect_everywhere([] {
    var<std::vector<int>> numbers;
    numbers.push_back(1);
    numbers.resize(3);
    numbers.with_mut([](auto& all) { all.insert(all.end(), {7, 8}); });
    require_eq(numbers.size(), 5u);
    require(numbers[3] == 7 && numbers.back() == 8 && numbers.front() == 1 && !numbers.empty());
    numbers.pop_back();
    require_eq(numbers.with([](const auto& all) { return std::count(all.begin(), all.end(), 0); }), 2);
    numbers.clear();
    require(numbers.empty());
    var<std::vector<std::unique_ptr<int>>> owners;
    owners.push_back(std::make_unique<int>(1));
    require_eq(*owners.with_mut([](auto& all) { return std::move(all.front()); }), 1);
    var<int> number = 1;
    require_eq(number.with_mut([](int& n) { return n++; }), 1);
    require_eq(number, 2);
  });
}

TEST(VarTest, AContainerIsRacedFor) {
  const auto both = [](auto first, auto second) {
    return behaviour([=] {
      var<std::vector<int>> numbers{std::vector<int>{1}, "numbers"};
      run_threads({[&] { first(numbers); }, [&] { second(numbers); }});
    });
  };
  const auto read = [](auto& numbers) { static_cast<void>(numbers.size()); };
  const auto look = [](auto& numbers) { static_cast<void>(numbers[0]); };
  const auto write = [](auto& numbers) { numbers.push_back(2); };
  EXPECT_EQ(both(read, look), Texts{});
  EXPECT_THAT(both(write, look), testing::Contains("data-race"));
  EXPECT_THAT(both(read, write), testing::Contains("data-race"));
  EXPECT_THAT(both(write, write), testing::Contains("data-race"));
}

TEST(VarTest, AnAccessHasItsLine) {
  int line = 0;
  const auto body = [&] {
    var<std::vector<int>> numbers{std::vector<int>{}, "numbers"};
    const auto work = [&] {
      line = __LINE__ + 1;
      numbers.push_back(1);
    };
    run_threads({work, work});
  };
  const Result result = check(body, tests::everything());
  const Defect* defect = tests::defect_of(result, DefectKind::DataRace);
  ASSERT_NE(defect, nullptr) << tests::summary(result);
  EXPECT_THAT(tests::because(*defect), testing::HasSubstr("var_test.cpp:" + std::to_string(line)));
}

var<std::string> global_text{"outside", "text"};
var<int> global_number = 1;

TEST(VarTest, AnExecutionStartsFromTheValueOutside) {
  const auto body = [] {
    outcome("text", global_text.load());
    outcome("number", global_number.load());
    thread writer([] {
      global_text = std::string("inside");
      global_number = 2;
    });
    writer.join();
    atomic<int> x{0, "x"};
    run_threads({[&] { x = 1; }, [&] { x = 2; }});
  };
  for (const MemoryModel model : {MemoryModel::Sc, MemoryModel::Tso, MemoryModel::Rc11}) {
    Options options = tests::everything();
    options.model = model;
    EXPECT_EQ(tests::outcomes_of(check(body, options)), Texts{"number=1 text=outside"});
  }
  EXPECT_EQ(global_text.load(), "outside");
}

TEST(VarTest, AVariableFromOutsideHasToBeCopyable) {
  var<std::vector<std::unique_ptr<int>>> owners;
  const Result result = check([&] { owners.clear(); }, tests::everything());
  EXPECT_EQ(result.verdict, Verdict::ControlLost);
  EXPECT_THAT(result.reason, testing::HasSubstr("cannot be copied"));
}

}  // namespace
}  // namespace heddle
