#include "checker/machine/fiber.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <cxxabi.h>

#include <cstring>

namespace heddle::checker {

namespace context = boost::context::detail;

struct Fiber::Entry {
  [[noreturn]] static void run(context::transfer_t from) {
    auto& fiber = *static_cast<Fiber*>(from.data);
    fiber.resumer_ = from.fctx;
    fiber.resumer_bounds_ = sanitizer::finish_switch(nullptr);
    for (;;) {
      fiber.function_(fiber.argument_);
      fiber.function_ = nullptr;
      fiber.suspend();
    }
  }
};

Fiber::Fiber(const Stack& stack)
    : stack_(stack),
      context_(context::make_fcontext(stack.top(), stack.size(), &Entry::run)),
      current_exceptions_(reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals())) {}

void Fiber::resume() {
  const ExceptionState resumer = *current_exceptions_;
  *current_exceptions_ = exceptions_;
  void* fake_stack = nullptr;
  sanitizer::start_switch(&fake_stack, {stack_.bottom(), stack_.size()});
  context_ = context::jump_fcontext(context_, this).fctx;
  sanitizer::finish_switch(fake_stack);
  exceptions_ = *current_exceptions_;
  *current_exceptions_ = resumer;
}

void Fiber::suspend() {
  sanitizer::start_switch(&fake_stack_, resumer_bounds_);
  resumer_ = context::jump_fcontext(resumer_, nullptr).fctx;
  resumer_bounds_ = sanitizer::finish_switch(fake_stack_);
}

}  // namespace heddle::checker
