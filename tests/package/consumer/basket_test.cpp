#include <heddle/gtest.hpp>
#include <heddle/mutex.hpp>
#include <heddle/thread.hpp>
#include <heddle/var.hpp>

namespace {

void two_customers(bool locked) {
  heddle::mutex guard;
  heddle::var<int> items{0, "items"};
  const auto put = [&] {
    heddle::unique_lock hold(guard, heddle::defer_lock);
    if (locked) hold.lock();
    ++items;
  };
  heddle::thread first(put), second(put);
  first.join();
  second.join();
  EXPECT_EQ(items.load(), 2);
}

TEST(BasketTest, IsRightWithALock) {
  EXPECT_THAT(heddle::check([] { two_customers(true); }), heddle::Verified());
}

TEST(BasketTest, LosesAnItemWithoutOne) {
  EXPECT_THAT(heddle::check([] { two_customers(false); }),
              heddle::Finds(heddle::DefectKind::LostUpdate, "items"));
}

}  // namespace
