// Built with nothing but what pkg-config says.

#include <heddle/check.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

int main() {
  const heddle::Result result = heddle::check([] {
    heddle::var<int> items{0, "items"};
    heddle::thread other([&] { ++items; });
    ++items;
    other.join();
  });
  return result.verdict == heddle::Verdict::Defect ? 0 : 1;
}
