// heddle/check.hpp - explore a piece of concurrent code.
//
//     heddle::Result result = heddle::check([] {
//       heddle::var<int> count{0, "count"};
//       heddle::thread a([&] { ++count; });
//       heddle::thread b([&] { ++count; });
//       a.join();
//       b.join();
//       heddle::require_eq(count, 2);
//     });
//     // result.verdict == heddle::Verdict::Defect: a lost update, with the steps that lead to it
//
// The body runs many times, once per execution, as the thread "main". It must depend on nothing but
// its parameters and heddle::choose(); shared state belongs inside it. Defects of the body, crashes and
// endless loops included, are reported in the Result and do not end the program.
//
// Not reentrant; one exploration at a time per thread of the program. While an exploration runs it
// handles SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and one real-time timer of the calling thread.
#pragma once

#include <heddle/options.hpp>
#include <heddle/result.hpp>
#include <heddle/scenario.hpp>

#include <functional>
#include <string_view>

namespace heddle {

// Explores `body`. Throws std::invalid_argument for options out of range.
Result check(const std::function<void()>& body, const Options& options = {});

// Explores everything, as with keep_going, and gives every outcome a witness.
Result outcomes(const std::function<void()>& body, const Options& options = {});

// Runs the one execution that `token` describes and then, where the token ends before the execution
// does, goes on without preemption. The Result holds that one execution; its witness is in
// outcomes.front() or, if it shows a defect, in defects.front(). ControlLost when the token does not
// fit the body; throws std::invalid_argument when it is not a token.
Result replay(const std::function<void()>& body, std::string_view token, const Options& options = {});

// The scenario's body with these parameters, explored under the scenario's name.
Result check(const Scenario&, const Parameters&, Options = {});

}  // namespace heddle
