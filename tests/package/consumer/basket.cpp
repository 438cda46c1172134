#include <heddle/scenario.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void basket(const heddle::Parameters&) {
  heddle::var<int> items{0, "items"};
  const auto put = [&] { ++items; };
  heddle::thread first(put);
  heddle::thread second(put);
  first.join();
  second.join();
}

const heddle::Registered registered{{
    .name = "shop/basket",
    .lesson = "two customers, one basket",
    .story = "Both put something in at once.",
    .tags = {},
    .expects = heddle::DefectKind::LostUpdate,
    .body = basket,
}};

}  // namespace
