// heddle/once.hpp - std::call_once, visible to the checker.
//
//     heddle::once_flag made{"made"};
//     heddle::call_once(made, [&] { value = 42; });
//
// Names, signatures and meaning of [thread.once]. The beginning and the end of the call are one step each;
// a thread that comes while another makes the call waits for it. A call that throws does not count. Calling
// with a flag from within its own call is `mutex-misuse`.
#pragma once

#include <heddle/detail/native.hpp>

#include <functional>
#include <mutex>
#include <string_view>
#include <utility>

namespace heddle {

class once_flag;

namespace detail {

template <class Function>
void call_once(once_flag&, location, Function&&);

}  // namespace detail

class once_flag {
 public:
  explicit once_flag(std::string_view name = {})
      : object_(detail::ObjectKind::Once, name, 0, detail::WordFormat::Opaque) {}
  once_flag(const once_flag&) = delete;
  once_flag& operator=(const once_flag&) = delete;

 private:
  template <class Function>
  friend void detail::call_once(once_flag&, location, Function&&);

  detail::Object object_;
  std::once_flag native_;
};

namespace detail {

template <class Function>
void call_once(once_flag& flag, location where, Function&& function) {
  if (!in_model()) {
    NativeWait note("waits for the call of", &flag.object_, where);
    return std::call_once(flag.native_, [&] {
      note.end();
      function();
    });
  }
  if (!begin_once(flag.object_, where)) return;
  struct End {
    Object& object;
    location where;
    bool done = false;
    ~End() { end_once(object, done, where); }
  } end{flag.object_, where};
  function();
  end.done = true;
}

}  // namespace detail

template <class Function, class... Arguments>
void call_once(once_flag& flag, Function&& function, Arguments&&... arguments) {
  detail::call_once(flag, location{}, [&] {
    std::invoke(std::forward<Function>(function), std::forward<Arguments>(arguments)...);
  });
}

}  // namespace heddle
