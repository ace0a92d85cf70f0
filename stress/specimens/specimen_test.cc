#include "stress/specimens/specimen_test.h"

#include <cstdio>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"
#include "stress/specimens/judged.h"

namespace weft {
namespace {

using scenarios::Specimen;

// Each hang and livelock is real and costs so long; no specimen sleeps or works anything near it.
const Options kPatience{.hang_after = Seconds(0.25), .livelock_after = Seconds(4)};
// While a sanitizer writes a report, all threads may be asleep until its symbolizer has loaded.
const Options kPatienceWithReports{.hang_after = Seconds(4), .livelock_after = Seconds(4)};

std::string_view kind_in_this_mode(const Specimen& specimen) {
  if (kThreadSanitizer && !specimen.kind_under_tsan.empty()) return specimen.kind_under_tsan;
  if (kExplored) {
    if (!specimen.kind_under_explore.empty()) return specimen.kind_under_explore;
    if (specimen.kind == scenarios::kind::kHang) return scenarios::kind::kDeadlock;
  }
  if (kAddressSanitizer && !specimen.kind_under_asan.empty()) return specimen.kind_under_asan;
  return specimen.kind;
}

bool is_kind(std::string_view name) {
  return name == scenarios::kind::kUnseen || kind_named(name).has_value();
}

// What a report of this kind owes its reader.
void expect_evidence(const Specimen& specimen, const Violation& violation) {
  switch (violation.kind) {
    case Kind::kDeadlock:
    case Kind::kLostWakeup:
      EXPECT_NE(violation.text.find(specimen.deadlock), std::string::npos) << violation.text;
      EXPECT_EQ(violation.text.find("an object"), std::string::npos)
          << "something waited for has no name: " << violation.text;
      [[fallthrough]];
    case Kind::kHang:
    case Kind::kLivelock:
      EXPECT_FALSE(violation.threads.empty());
      for (const ThreadDump& thread : violation.threads) {
        EXPECT_FALSE(thread.frames.empty()) << thread.name << " has no stack";
      }
      break;
    case Kind::kException:
      EXPECT_NE(violation.text.find("weft::"), std::string::npos)
          << "not an error that a primitive documents: " << violation.text;
      break;
    default:
      EXPECT_FALSE(violation.text.empty());
  }
}

std::string test_name(const testing::TestParamInfo<const Specimen*>& info) {
  return std::string(info.param->name.substr(info.param->name.find('/') + 1));
}

class SpecimenTest : public testing::TestWithParam<const Specimen*> {};

TEST_P(SpecimenTest, IsCaught) {
  const Specimen& specimen = *GetParam();
  const std::string_view kind = kind_in_this_mode(specimen);
  if (kind == scenarios::kind::kUnseen) {
    GTEST_SKIP() << "this mode cannot see that " << specimen.mistake;
  }
  const Options& options = kind == scenarios::kind::kHang ? kPatience : kPatienceWithReports;
  const Report report = expect_violation(kind_of(kind), judged(specimen.body), options);
  if (report.violation) expect_evidence(specimen, *report.violation);
  std::printf("%s\n", report.summary().c_str());
}

TEST_P(SpecimenTest, IsSilentWhenMended) { check(judged(GetParam()->mended), kPatience); }

TEST_P(SpecimenTest, SaysWhatItIs) {
  const Specimen& specimen = *GetParam();
  EXPECT_NE(specimen.name.find('/'), std::string_view::npos);
  EXPECT_FALSE(specimen.row.empty());
  EXPECT_FALSE(specimen.mistake.empty());
  for (std::string_view kind :
       {specimen.kind_under_tsan, specimen.kind_under_asan, specimen.kind_under_explore}) {
    EXPECT_TRUE(kind.empty() || is_kind(kind)) << kind;
  }
  EXPECT_TRUE(is_kind(specimen.kind)) << specimen.kind;
  EXPECT_EQ(specimen.kind == scenarios::kind::kHang && !specimen.starts_processes,
            !specimen.deadlock.empty())
      << "the explorer's report of a hang is to name what is waited for";
  EXPECT_TRUE(specimen.kind != scenarios::kind::kUnseen || !specimen.kind_under_tsan.empty() ||
              !specimen.kind_under_asan.empty())
      << "no mode sees it";
}

INSTANTIATE_TEST_SUITE_P(, SpecimenTest, testing::ValuesIn(specimens_under_test()), test_name);

}  // namespace
}  // namespace weft
