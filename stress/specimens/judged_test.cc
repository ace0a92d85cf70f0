#include "stress/specimens/judged.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace weft {
namespace {

TEST(KindNamed, KnowsTheFirstTheLastAndNoOther) {
  EXPECT_EQ(kind_named("assertion"), Kind::kAssertion);
  EXPECT_EQ(kind_named("lost wake-up"), Kind::kLostWakeup);
  EXPECT_EQ(kind_named("bad free"), Kind::kBadFree);
  EXPECT_EQ(kind_named("unknown"), std::nullopt);
  EXPECT_EQ(kind_named(""), std::nullopt);
  EXPECT_THROW(kind_of("lost wake up"), std::invalid_argument);
}

}  // namespace
}  // namespace weft
