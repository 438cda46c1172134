// checker/native/run.cpp - the public function of <heddle/native.hpp>.

#include "checker/native/form.hpp"
#include "checker/native/histogram.hpp"
#include "checker/native/shape.hpp"
#include "checker/native/supervisor.hpp"

#include <heddle/native.hpp>

#include <stdexcept>

namespace heddle::native {

namespace {

using checker::native::Board;
using checker::native::Shape;
using checker::native::Subject;
using checker::native::Supervised;

// ThreadSanitizer does not know fibers, on which the model and the stress form run.
#if defined(__SANITIZE_THREAD__)
#define HEDDLE_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HEDDLE_TSAN 1
#endif
#endif
#ifdef HEDDLE_TSAN
constexpr bool fibers = false;
#else
constexpr bool fibers = true;
#endif

// One execution in the model, in a process of its own: the scenario may crash, and keep what it has changed.
Shape look_at(const std::function<void()>& body, const Options& options) {
  if (!fibers) return {.unsuited = "ThreadSanitizer does not know the fibers that it takes"};
  Board board;
  Options watched;
  watched.unresponsive = options.unresponsive;
  watched.interrupted = options.interrupted;
  const Supervised looked = supervise(board, watched, [&] {
    const Shape shape = checker::native::shape_of(body);
    board.shared().weak_orders = shape.weak_orders;
    checker::native::copy_text(board.shared().unsuited, shape.unsuited);
  });
  if (looked.fault) return {.unsuited = "in the model an execution of it does not come to an end"};
  return {board.shared().unsuited.data(), board.shared().weak_orders};
}

Result run_in(Form form, const std::function<void()>& body, const Options& options) {
  Board board;
  Supervised supervised = supervise(board, options, [&] {
    const Subject subject{body, options, board};
    if (form == Form::Stress) run_stress(subject);
    else run_whole(subject);
  });
  const Board::Shared& shared = board.shared();
  return {.form = form,
          .form_reason = shared.unsuited.data(),
          .runs = shared.runs,
          .discarded = shared.discarded,
          .failed = shared.failed,
          .outcomes = outcomes_on(board),
          .failures = failures_on(board),
          .fault = std::move(supervised.fault),
          .interrupted = supervised.interrupted,
          .output = std::move(supervised.output),
          .running = std::chrono::nanoseconds(shared.running.load())};
}

}  // namespace

Result run(const std::function<void()>& body, const Options& options) {
  const Shape shape = look_at(body, options);
  const auto began = std::chrono::steady_clock::now();
  // What main does meanwhile only narrows what comes up; who asks for the stress form gets it.
  const bool stress =
      fibers && (options.form == Form::Stress || (options.form == Form::Automatic && shape.unsuited.empty()));
  Result result = run_in(stress ? Form::Stress : Form::Whole, body, options);
  if (!stress) {
    result.form_reason = shape.unsuited;
  } else if (!result.form_reason.empty()) {
    const std::string reason = std::move(result.form_reason);
    if (options.form == Form::Stress)
      throw std::invalid_argument("the stress form does not suit this scenario: " + reason +
                                  ". Run it whole");
    result = run_in(Form::Whole, body, options);
    result.form_reason = reason;
  }
  result.weak_orders = shape.weak_orders;
  result.elapsed = std::chrono::steady_clock::now() - began;
  return result;
}

}  // namespace heddle::native
