#include "stress/generate/expect.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "stress/report/files.h"
#include "stress/run/build_mode.h"

namespace weft::generate {
namespace {

// The running test's name, so that a failure's last line runs it alone.
void name_filter(Search& search) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr || !search.options.test_filter.empty()) return;
  search.options.test_filter = std::string(test->test_suite_name()) + "." + test->name();
}

// Under the explorer programs are explored: the lockstep has nothing that it would not have
// elsewhere.
void choose_the_way(Search& search) {
  if (!kExplored) return;
  search.in_lockstep = false;
  search.on_real_threads = true;
}

}  // namespace

void expect_holds(const Vocabulary& vocabulary, Search search, std::source_location where) {
  name_filter(search);
  choose_the_way(search);
  Verdict verdict = find_violation(vocabulary, search);
  testing::Test::RecordProperty("programs", std::to_string(verdict.programs));
  testing::Test::RecordProperty("calls", std::to_string(verdict.calls));
  testing::Test::RecordProperty("executions", std::to_string(verdict.executions));
  testing::Test::RecordProperty("histories", std::to_string(verdict.histories));
  testing::Test::RecordProperty("undecided", std::to_string(verdict.undecided));
  if (verdict.violation) {
    if (verdict.violation->report) report::write_files(*verdict.violation->report);
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << vocabulary.name << ": " << text(verdict);
  } else if (verdict.calls == 0) {
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << vocabulary.name << ": no program had a call";
  }
}

Violation expect_caught(const Vocabulary& vocabulary, Search search, std::source_location where) {
  name_filter(search);
  choose_the_way(search);
  if (!search.options.budget) search.options.budget = Seconds(60);
  const Verdict verdict = find_violation(vocabulary, search);
  testing::Test::RecordProperty("programs", std::to_string(verdict.programs));
  if (!verdict.violation) {
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << vocabulary.name << ": not caught in " << verdict.programs << " programs";
    return {};
  }
  std::printf("caught: %s: %s", vocabulary.name.c_str(), text(verdict).c_str());
  return *verdict.violation;
}

}  // namespace weft::generate
