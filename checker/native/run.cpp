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
using checker::native::Subject;
using checker::native::Supervised;

// ThreadSanitizer does not know fibers, on which the model and the stress form run.
#ifdef __SANITIZE_THREAD__
constexpr bool fibers = false;
#else
constexpr bool fibers = true;
#endif

// In the child process.
void run_in_form(const Subject& subject) {
  Board::Shared& shared = subject.board.shared();
  if (!fibers) {
    checker::native::copy_text(shared.unsuited, "ThreadSanitizer does not know the fibers that it takes");
    return run_whole(subject);
  }
  const checker::native::Shape shape = checker::native::shape_of(subject.body);
  shared.weak_orders = shape.weak_orders;
  const Form form = subject.options.form;
  // What the main thread does in between only narrows what comes up; who asks for it gets it.
  if (form == Form::Whole || (form == Form::Automatic && !shape.unsuited.empty())) {
    checker::native::copy_text(shared.unsuited, shape.unsuited);
    return run_whole(subject);
  }
  shared.stress = true;
  run_stress(subject);
}

Result result_of(const Board& board, Supervised&& supervised) {
  const Board::Shared& shared = board.shared();
  return {.form = shared.stress ? Form::Stress : Form::Whole,
          .form_reason = shared.unsuited.data(),
          .runs = shared.runs,
          .discarded = shared.discarded,
          .failed = shared.failed,
          .weak_orders = shared.weak_orders,
          .outcomes = outcomes_on(board),
          .failures = failures_on(board),
          .fault = std::move(supervised.fault),
          .interrupted = supervised.interrupted,
          .output = std::move(supervised.output),
          .elapsed = {},
          .running = std::chrono::nanoseconds(shared.running.load())};
}

}  // namespace

Result run(const std::function<void()>& body, const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const auto attempt = [&](Options chosen) {
    Board board;
    return result_of(board, supervise(board, chosen, [&] { run_in_form({body, chosen, board}); }));
  };
  Result result = attempt(options);
  if (result.form == Form::Stress && !result.form_reason.empty()) {
    const std::string reason = std::move(result.form_reason);
    if (options.form == Form::Stress)
      throw std::invalid_argument("the stress form does not suit this scenario: " + reason +
                                  ". Run it whole");
    Options whole = options;
    whole.form = Form::Whole;
    result = attempt(whole);
    result.form_reason = reason;
  }
  result.elapsed = std::chrono::steady_clock::now() - began;
  return result;
}

}  // namespace heddle::native
