// Scenarios with unusual names and false declarations, as registered_test.cpp wants to see them judged.

#include "tests/gtest/bodies.hpp"

#include <heddle/scenario.hpp>

namespace heddle {
namespace {

using DefectKind::Deadlock;
using DefectKind::LostUpdate;

void right(const Parameters&) { tests::locked(); }
void wrong(const Parameters&) { tests::unlocked(); }
void empty(const Parameters&) {}

const Registered locked{{.name = "odd/locked", .body = right}};
const Registered unlocked{{.name = "odd/unlocked", .expects = LostUpdate, .body = wrong}};
const Registered falsely_sound{{.name = "odd/falsely_sound", .body = wrong}};
const Registered falsely_broken{{.name = "odd/falsely_broken", .expects = Deadlock, .body = wrong}};
const Registered hollow{{.name = "odd/hollow", .body = empty}};
const Registered alone{{.name = "alone", .body = right}};
const Registered dashed{{.name = "odd/with-dash", .body = right}};
const Registered underscored{{.name = "odd/with_dash", .body = right}};
const Registered nested{{.name = "odd/nested/deep", .body = right}};

// A test of the same suite.
TEST(odd, by_hand) { EXPECT_THAT(check(tests::locked), Verified()); }

}  // namespace
}  // namespace heddle
