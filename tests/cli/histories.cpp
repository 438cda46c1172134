// tests/cli/histories.cpp - scenarios that have no execution graphs, for a tool of their own
// (models_test.cpp)

#include <heddle/atomic.hpp>
#include <heddle/linearizable.hpp>
#include <heddle/scenario.hpp>

namespace {

struct Register {
  int value = 0;
  void write(int to) { value = to; }
  bool operator==(const Register&) const = default;
};

void recorded(const heddle::Parameters&) {
  Register object;
  heddle::linearizable checked(Register(), object, "register");
  checked.call("write(1)", [](auto& r) { r.write(1); });
  checked.require();
}

void plain(const heddle::Parameters&) {
  heddle::atomic<int> x{0, "x"};
  x.store(1);
}

const heddle::Registered history{{.name = "history/recorded", .body = recorded}};
const heddle::Registered none{{.name = "history/none", .body = plain}};

}  // namespace
