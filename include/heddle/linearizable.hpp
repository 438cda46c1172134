// heddle/linearizable.hpp - a concurrent object against its sequential specification.
//
//     Stack stack;
//     heddle::linearizable checked(std::vector<int>(), stack, "stack");
//     heddle::thread one([&] { checked.call("push(1)", [](auto& s) { return push(s, 1); }); });
//     heddle::thread two([&] { checked.call("pop()", [](auto& s) { return pop(s); }); });
//     one.join(), two.join();
//     checked.require();
//
// Each call runs the same function on the object and, when the history is judged, on copies of the
// specification. A history is linearizable (Herlihy and Wing, TOPLAS'90) when the calls can be put into one
// order in which every call that returned before another began comes first, and in which the specification
// gives the same answers. It is searched for as Wing and Gong do it (JPDC'93), and a set of calls with the
// state it leads to is not tried twice (Lowe, CCPE'17): exponential in the number of overlapping calls.
//
// The beginning and the end of a call are steps, ordered where one call ends before another begins: every
// history that real time allows is judged. Answers are compared by ==, and so are states if they can be.
// require() fails the expectation with the history drawn. Calls still open when it is judged are left out.
#pragma once

#include <heddle/detail/model.hpp>

#include <any>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace heddle {

namespace detail {

// A call as it is drawn.
struct CallRecord {
  std::string text;  // "push(1) = true"
  std::uint32_t thread;
  std::size_t began;
  std::size_t ended;
};
// One line per call, as wide as it lasted.
std::string draw_history(const std::vector<CallRecord>& calls);

template <class T>
std::string answer_text(const T& answer) {
  if constexpr (std::is_same_v<T, bool>) {
    return answer ? "true" : "false";
  } else if constexpr (requires(std::ostream & out) { out << answer; }) {
    std::ostringstream out;
    out << answer;
    return out.str();
  } else if constexpr (requires { static_cast<bool>(answer), *answer; }) {
    return answer ? answer_text(*answer) : "nothing";
  } else {
    return "?";
  }
}

}  // namespace detail

template <std::copyable Specification, class Object>
class linearizable {
 public:
  // `object` must outlive it.
  linearizable(Specification specification, Object& object, std::string_view name = {})
      : specification_(std::move(specification)),
        object_(object),
        history_(detail::ObjectKind::History, name, 0, detail::WordFormat::Opaque) {}

  // Returns what the operation on the object returns. Outside the checker only that happens.
  template <class Operation>
  auto call(std::string text, Operation operation, location where = location::current()) {
    using Answer = std::invoke_result_t<Operation&, Object&>;
    if (!detail::in_model()) return operation(object_);
    detail::call(history_, where);
    const std::size_t index = calls_.size();
    calls_.push_back({{std::move(text), detail::current_thread(), now_++, never}, nullptr});
    if constexpr (std::is_void_v<Answer>) {
      operation(object_);
      ended(index, where, [operation](Specification& state) mutable {
        operation(state);
        return true;
      });
    } else {
      Answer answer = operation(object_);
      ended(index, where,
            [operation, answer](Specification& state) mutable { return operation(state) == answer; });
      calls_[index].record.text += " = " + detail::answer_text(answer);
      return answer;
    }
  }

  bool check() const {
    std::vector<const Call*> finished;
    for (const Call& call : calls_)
      if (call.record.ended != never) finished.push_back(&call);
    std::vector<bool> taken(finished.size());
    std::vector<Tried> tried;
    return search(finished, taken, specification_, tried);
  }
  void require(location where = location::current()) const {
    if (!detail::in_model() || check()) return;
    std::vector<detail::CallRecord> records;
    for (const Call& call : calls_) records.push_back(call.record);
    detail::expectation_failed("the history is not linearizable:" + detail::draw_history(records), where);
  }

 private:
  static constexpr std::size_t never = ~std::size_t{0};
  struct Call {
    detail::CallRecord record;
    std::function<bool(Specification&)> answers;  // performs it, and tells whether the answer is the same
  };
  struct Tried {
    std::vector<bool> taken;
    Specification state;
  };

  void ended(std::size_t index, location where, std::function<bool(Specification&)> answers) {
    detail::return_from(history_, where);
    calls_[index].record.ended = now_++;
    calls_[index].answers = std::move(answers);
  }

  // Whether what has not been taken can follow in some order.
  static bool search(const std::vector<const Call*>& calls, std::vector<bool>& taken,
                     const Specification& state, std::vector<Tried>& tried) {
    std::size_t first_end = never;
    bool all = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (taken[i]) continue;
      all = false;
      first_end = std::min(first_end, calls[i]->record.ended);
    }
    if (all) return true;
    if constexpr (std::equality_comparable<Specification>) {
      for (const Tried& before : tried)
        if (before.taken == taken && before.state == state) return false;
      tried.push_back({taken, state});
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (taken[i] || calls[i]->record.began > first_end) continue;
      Specification next = state;
      if (!calls[i]->answers(next)) continue;
      taken[i] = true;
      if (search(calls, taken, next, tried)) return true;
      taken[i] = false;
    }
    return false;
  }

  Specification specification_;
  Object& object_;
  detail::Object history_;
  std::vector<Call> calls_;
  std::size_t now_ = 0;
};

}  // namespace heddle
