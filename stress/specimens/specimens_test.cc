// Tests of the tester: every specimen must be caught, with the kind that it promises for this mode,
// and its mended twin must pass the same judgement.
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "scenarios/specimens/all.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft {
namespace {

using scenarios::all_specimens;
using scenarios::Specimen;

// Hangs are real and each costs so long; no specimen sleeps or times out anything near it.
constexpr Seconds kHangAfter{0.25};

std::string_view kind_in_this_mode(const Specimen& specimen) {
  if (kThreadSanitizer && !specimen.kind_under_tsan.empty()) return specimen.kind_under_tsan;
  if (kAddressSanitizer && !specimen.kind_under_asan.empty()) return specimen.kind_under_asan;
  return specimen.kind;
}

constexpr std::array kKinds{
    Kind::kAssertion,     Kind::kException,       Kind::kHang,  Kind::kLivelock, Kind::kDataRace,
    Kind::kLockInversion, Kind::kSanitizerReport, Kind::kCrash,
};

const Kind* kind_named(std::string_view name) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](Kind kind) { return to_string(kind) == name; });
  return found == kKinds.end() ? nullptr : found;
}

bool is_kind(std::string_view name) {
  return name == scenarios::kind::kUnseen || kind_named(name) != nullptr;
}

Body judged(std::string (*body)()) {
  return [body](Run& run) {
    const std::string broke = body();
    run.require(broke.empty(), broke);
  };
}

// What a report of this kind owes its reader.
void expect_evidence(const Violation& violation) {
  switch (violation.kind) {
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

class SpecimenTest : public testing::TestWithParam<const Specimen*> {};

TEST_P(SpecimenTest, IsCaught) {
  const Specimen& specimen = *GetParam();
  const std::string_view kind = kind_in_this_mode(specimen);
  if (kind == scenarios::kind::kUnseen)
    GTEST_SKIP() << "this mode cannot see: " << specimen.mistake;
  ASSERT_NE(kind_named(kind), nullptr) << kind;
  const Report report =
      expect_violation(*kind_named(kind), judged(specimen.body), {.hang_after = kHangAfter});
  if (report.violation) expect_evidence(*report.violation);
  std::printf("%s\n", report.summary().c_str());
}

TEST_P(SpecimenTest, IsSilentWhenMended) {
  check(judged(GetParam()->mended), {.hang_after = kHangAfter});
}

std::string test_name(const testing::TestParamInfo<const Specimen*>& info) {
  std::string name(info.param->name);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, SpecimenTest,
                         testing::ValuesIn(all_specimens().begin(), all_specimens().end()),
                         test_name);

TEST(Specimens, EachSaysWhatItIs) {
  std::set<std::string_view> names;
  for (const Specimen* specimen : all_specimens()) {
    EXPECT_TRUE(names.insert(specimen->name).second) << specimen->name << " is there twice";
    EXPECT_NE(specimen->name.find('/'), std::string_view::npos) << specimen->name;
    EXPECT_FALSE(specimen->row.empty()) << specimen->name;
    EXPECT_FALSE(specimen->mistake.empty()) << specimen->name;
    EXPECT_TRUE(is_kind(specimen->kind)) << specimen->name;
    EXPECT_TRUE(specimen->kind_under_tsan.empty() || is_kind(specimen->kind_under_tsan))
        << specimen->name;
    EXPECT_TRUE(specimen->kind_under_asan.empty() || is_kind(specimen->kind_under_asan))
        << specimen->name;
  }
}

TEST(Specimens, EachIsSeenBySomeMode) {
  for (const Specimen* specimen : all_specimens()) {
    const bool elsewhere = !specimen->kind_under_tsan.empty() || !specimen->kind_under_asan.empty();
    EXPECT_TRUE(specimen->kind != scenarios::kind::kUnseen || elsewhere) << specimen->name;
  }
}

}  // namespace
}  // namespace weft
