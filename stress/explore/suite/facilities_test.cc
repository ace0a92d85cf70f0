// Every specimen of the suite gets its verdict: a right use passes, and holds where it is small; a
// wrong one is found, with its exact kind and its sentence.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "stress/check.h"
#include "stress/explore/suite/specimen.h"
#include "stress/explore/suite/test_name.h"

#ifdef WEFT_EXPLORE
#include "stress/explore/explore.h"
#endif

namespace weft::suite {
namespace {

using namespace std::chrono_literals;

#ifdef WEFT_EXPLORE
constexpr bool kExplored = true;
#else
constexpr bool kExplored = false;
#endif

std::vector<const Specimen*> chosen(bool right) {
  std::vector<const Specimen*> all = all_specimens();
  std::erase_if(all, [right](const Specimen* each) {
    const Facts& facts = each->facts();
    return right == facts.violates.has_value() ||
           (!kExplored && (!right || !facts.explored_only.empty()));
  });
  return all;
}

class Right : public testing::TestWithParam<const Specimen*> {};

TEST_P(Right, Passes) {
  const Facts& facts = GetParam()->facts();
  Options options = facts.options;
  if (!options.budget) options.budget = kExplored ? 300ms : 30ms;
  if (kExplored && facts.holds) {
    options.budget = 20s;
    options.strategy = "exhaustive";
  }
  const Report report = check(GetParam()->body(), options);
  EXPECT_FALSE(report.violated());
  if (kExplored && facts.holds) {
    EXPECT_EQ(to_string(report.verdict), to_string(Verdict::kHolds)) << report.summary();
  }
}

INSTANTIATE_TEST_SUITE_P(Uses, Right, testing::ValuesIn(chosen(true)), test_name);

// Without the explorer there is none: what it would find hangs or crashes.
class Wrong : public testing::TestWithParam<const Specimen*> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Wrong);

#ifdef WEFT_EXPLORE
// A call that is not modelled is told with its line in the specimen; unless it is a wait that
// became one while it lasted.
bool tells_the_caller(const std::string& sentence, const Specimen& specimen) {
  const std::string path = specimen.place().file_name();
  const std::string place = " (" + path.substr(path.rfind('/') + 1) + ":";
  const std::size_t called = sentence.find("called by ");
  return called == std::string::npos ? sentence.find(" waits for ") != std::string::npos
                                     : sentence.find(place, called) != std::string::npos;
}

TEST_P(Wrong, IsFound) {
  const Facts& facts = GetParam()->facts();
  // Code without a scheduling point shall not cost the usual ten seconds.
  explore::begin_watch(1);
  const Report report = expect_violation(*facts.violates, GetParam()->body(), facts.options);
  explore::end_watch();
  ASSERT_TRUE(report.violation) << report.summary();
  EXPECT_NE(report.violation->text.find(facts.says), std::string::npos) << report.text();
  if (facts.violates == Kind::kNotModelled) {
    EXPECT_TRUE(tells_the_caller(report.violation->text, *GetParam())) << report.text();
  }
}

INSTANTIATE_TEST_SUITE_P(Uses, Wrong, testing::ValuesIn(chosen(false)), test_name);
#endif

}  // namespace
}  // namespace weft::suite
