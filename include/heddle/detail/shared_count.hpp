// heddle/detail/shared_count.hpp - the counts behind a shared_ptr, and what they own.
//
// As in libstdc++: an increment is relaxed, a decrement acq_rel, so that what the last owner does happens
// after what the others have done. All owners together count as one weak reference.
#pragma once

#include <heddle/atomic_object.hpp>

#include <atomic>
#include <memory>
#include <new>
#include <string_view>
#include <typeinfo>
#include <utility>

namespace heddle::detail {

// Performs a step where nothing may be thrown. In an execution that is abandoned it is void, and the thread
// ends at its next step that may throw.
template <class Step>
void quietly(Step step) noexcept {
  try {
    step();
  } catch (...) {
  }
}

class Count {
 public:
  explicit Count(std::string_view name) : count_(1, name) {}

  void add(location where) noexcept {
    quietly([&] { count_.fetch_add(1, std::memory_order_relaxed, where); });
  }
  // One step, which orders nothing: of weak_ptr::lock the standard promises no more.
  bool add_unless_zero(location where) {
    if (in_model()) return count_.update(1, std::memory_order_relaxed, where, more_unless_zero) != 0;
    long count = count_.load(std::memory_order_relaxed);
    while (count != 0 && !count_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) {
    }
    return count != 0;
  }
  // Returns whether that was the last.
  bool drop(location where) noexcept {
    bool last = false;
    quietly([&] { last = count_.fetch_sub(1, std::memory_order_acq_rel, where) == 1; });
    return last;
  }
  long read(std::memory_order order, location where) const noexcept {
    long count = 0;
    quietly([&] { count = count_.load(order, where); });
    return count;
  }

 private:
  static Word more_unless_zero(Word count, Word more) noexcept { return count == 0 ? 0 : count + more; }

  atomic<long> count_;
};

class Control {
 public:
  explicit Control(const volatile void* first) noexcept : first_(first) {}
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  Count uses{"use_count"};
  Count weak_uses{"weak_count"};

  void drop_use(location where) noexcept {
    if (!uses.drop(where)) return;
    dispose();
    drop_weak_use(where);
  }
  void drop_weak_use(location where) noexcept {
    if (!weak_uses.drop(where)) return;
    gone_ = true;
    if (pins_ == 0) delete this;
  }
  // Under the checker an atomic<shared_ptr> keeps the counts, not the object, of all that it has ever held.
  void pin() noexcept { ++pins_; }
  void unpin() noexcept {
    if (--pins_ == 0 && gone_) delete this;
  }
  // What stands for a pointer that is shared with this owner: the same in every execution, as no address is.
  Word word_for(const volatile void* pointer) const noexcept {
    const auto distance =
        static_cast<const volatile char*>(pointer) - static_cast<const volatile char*>(first_);
    return number_ + static_cast<Word>(distance) * 0x9e37'79b9'7f4a'7c15u;
  }
  virtual void* deleter(const std::type_info&) noexcept { return nullptr; }

 protected:
  virtual ~Control() = default;

 private:
  virtual void dispose() noexcept = 0;  // ends the life of the object

  static Word next_number() noexcept {
    static std::atomic<Word> outside{0};
    return in_model() ? unique_word() : ++outside << 8;  // no unique_word() ends in zeros
  }

  const volatile void* first_;
  const Word number_ = next_number();
  unsigned pins_ = 0;
  bool gone_ = false;
};

// Of an object that a deleter gets in the end.
template <class Pointer, class Deleter>
class DeletingControl final : public Control {
 public:
  DeletingControl(Pointer pointer, Deleter deleter)
      : Control(pointer), pointer_(pointer), deleter_(std::move(deleter)) {}
  void* deleter(const std::type_info& type) noexcept override {
    return type == typeid(Deleter) ? std::addressof(deleter_) : nullptr;
  }

 private:
  void dispose() noexcept override { deleter_(pointer_); }

  Pointer pointer_;
  Deleter deleter_;
};

// Together with the object, for make_shared.
template <class T>
class InPlaceControl final : public Control {
 public:
  template <class... Arguments>
  explicit InPlaceControl(Arguments&&... arguments) : Control(storage_) {
    ::new (static_cast<void*>(storage_)) T(std::forward<Arguments>(arguments)...);
  }
  T* object() noexcept { return std::launder(reinterpret_cast<T*>(storage_)); }

 private:
  void dispose() noexcept override { std::destroy_at(object()); }

  alignas(T) unsigned char storage_[sizeof(T)];
};

// What a shared_ptr or weak_ptr holds.
template <class Element>
struct Held {
  Element* pointer = nullptr;
  Control* control = nullptr;

  friend bool operator==(const Held&, const Held&) = default;
};

// The pointer itself as a plain variable: two threads must not use one of which one changes it.
template <class Element>
class Owner {
 public:
  Owner(std::string_view name, Held<Element> held) noexcept
      : held_(held), object_(ObjectKind::Variable, name, 0, WordFormat::Opaque) {}

  Held<Element> read(location where) const noexcept {
    if (in_model()) {
      restore_later();
      quietly([&] { load(object_, 0, std::memory_order_relaxed, false, where); });
    }
    return held_;
  }
  // Returns what it held before.
  Held<Element> write(Held<Element> held, location where) noexcept {
    if (in_model()) {
      restore_later();
      quietly([&] { store(object_, 0, unique_word(), std::memory_order_relaxed, false, where); });
    }
    return std::exchange(held_, held);
  }
  // Without a step, for who has it alone.
  const Held<Element>& held() const noexcept { return held_; }
  void take(Held<Element> held) noexcept { held_ = held; }

 private:
  void restore_later() const noexcept {
    if (!is_known(object_))
      quietly([&] { detail::restore_later(object_, [this, before = held_] { held_ = before; }); });
  }

  mutable Held<Element> held_;
  mutable Object object_;
};

}  // namespace heddle::detail
