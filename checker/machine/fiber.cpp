#include "checker/machine/fiber.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

// The red zones of what ran there are written as well: nobody needs them any more.
HEDDLE_TOUCHES_ANYTHING void Fiber::clear_stack() {
  constexpr std::ptrdiff_t most = std::ptrdiff_t{8} * 1024;
  auto* const top = static_cast<std::byte*>(context_);
  const std::ptrdiff_t size = std::min(most, top - static_cast<std::byte*>(stack_.bottom())) / 8 * 8;
#ifdef HEDDLE_ASAN  // whose memset() minds red zones
  for (volatile std::uint64_t* word = reinterpret_cast<std::uint64_t*>(top - size);
       word != reinterpret_cast<std::uint64_t*>(top); ++word)
    *word = 0;
#else
  std::memset(top - size, 0, static_cast<std::size_t>(size));
#endif
}

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
