#include "stress/check.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "stress/report/files.h"
#include "stress/run/execution.h"
#include "stress/test_events.h"

namespace weft {
namespace {

// While it lives, failed expectations of all threads go to the execution that they belong to, not
// to the test. GoogleTest calls it under a lock of its own.
class Interceptor : public testing::ScopedFakeTestPartResultReporter {
 public:
  Interceptor() : ScopedFakeTestPartResultReporter(INTERCEPT_ALL_THREADS, nullptr) {}

  void ReportTestPartResult(const testing::TestPartResult& result) override {
    internal::Execution* execution = internal::execution_of_this_thread();
    if (!result.failed() || execution == nullptr) return;
    std::string text;
    if (result.file_name() != nullptr) {
      text = std::string(result.file_name()) + ":" + std::to_string(result.line_number()) + ": ";
    }
    execution->record(Kind::kAssertion, text + result.message());
  }
};

// "Suite.Test", "Suite.Test#2", ...; and what a property of this check is called.
struct Identity {
  std::string test;
  std::string name;
  std::string suffix;
};

Identity next_identity() {
  const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
  Identity identity;
  if (info != nullptr) identity.test = std::string(info->test_suite_name()) + "." + info->name();
  const int number = internal::count_check();
  identity.name = info == nullptr ? "check" : identity.test;
  if (number > 1) {
    identity.name += "#" + std::to_string(number);
    identity.suffix = "_" + std::to_string(number);
  }
  return identity;
}

Options with_identity(Options options, const Identity& identity) {
  if (options.test_filter.empty()) options.test_filter = identity.test;
  return options;
}

std::string with_digits(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", number);
  return text;
}

// Of a search too short to be timed: 0.
std::string per_second(const Report& report) {
  if (report.seconds <= 0) return "0";
  const double rate = static_cast<double>(report.executions) / report.seconds;
  return std::to_string(static_cast<std::uint64_t>(rate));
}

void record_properties(const Report& report, const std::string& suffix) {
  using testing::Test;
  Test::RecordProperty("verdict" + suffix, std::string(to_string(report.verdict)));
  Test::RecordProperty("executions" + suffix, std::to_string(report.executions));
  Test::RecordProperty("executions_per_second" + suffix, per_second(report));
  Test::RecordProperty("seconds" + suffix, with_digits(report.seconds));
  Test::RecordProperty("seed" + suffix, std::to_string(report.seed));
  const auto record = [&suffix](const char* name, const std::string& value) {
    if (!value.empty()) Test::RecordProperty(name + suffix, value);
  };
  if (report.violation) {
    record("kind", std::string(to_string(report.violation->kind)));
    record("strategy", report.mode);
    record("schedule", report.schedule);
  }
  if (report.controlled.empty()) return;  // on real threads
  record("distinct", std::to_string(report.distinct));
  if (report.conflicts > 0) record("conflicts", std::to_string(report.conflicts));
  record("bounds", report.bounds);
  record("reached", report.reached);
  record("controlled", report.controlled);
}

void warn(const std::string& warning) {
  std::fprintf(stderr, "weft: warning: %s\n", warning.c_str());
  const char* file = std::getenv("TEST_WARNINGS_OUTPUT_FILE");
  if (file != nullptr && *file != '\0') std::ofstream(file, std::ios::app) << warning << "\n";
}

// A check that had to stop early says so, lest its few executions look like a choice; so does one
// that has looked at nothing.
void warn_of_limits(const Report& report) {
  if (!report.violated() && std::chrono::steady_clock::now() >= report_deadline()) {
    warn(report.summary() + ": cut short, because 80 % of the test's timeout are over");
  }
  if (!report.violated()) {
    for (const Violation& noted : report.also) {
      warn(report.name + ": " + std::string(to_string(noted.kind)) + ": " + noted.text);
    }
  }
  if (!report.controlled.empty() && report.accesses == 0) {
    warn(report.name + ": controlled: " + report.controlled);
  }
}

std::string with_article(Kind kind) {
  const std::string name(to_string(kind));
  return (std::string_view("aeiou").find(name[0]) == std::string_view::npos ? "a " : "an ") + name;
}

// Other kinds that were met on the way. Each ends its execution, so it may hide what was wanted.
std::string passed_over(const Report& report) {
  std::string text;
  for (const Violation& other : report.also) {
    text += "\n  met on the way: " + with_article(other.kind) + ": " + other.text;
    if (other.kind == Kind::kDataRace && !report.controlled.empty()) {
      text +=
          "\n    (a race ends its execution; Options{.races = false} looks at what comes after it)";
    }
  }
  return text;
}

void add_failure(const std::source_location& where, const std::string& text) {
  ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << text;
}

}  // namespace

Report check(const Body& body, const Options& options, std::source_location where) {
  const Identity identity = next_identity();
  Report report;
  {
    const Interceptor interceptor;
    report = search(identity.name, body, with_identity(options, identity));
  }
  warn_of_limits(report);
  record_properties(report, identity.suffix);
  if (report.violated()) {
    report::write_files(report);
    add_failure(where, report.text());
  }
  return report;
}

Report expect_violation(Kind kind, const Body& body, const Options& options,
                        std::source_location where) {
  const Identity identity = next_identity();
  Report report;
  {
    const Interceptor interceptor;
    report = search_for(kind, identity.name, body, with_identity(options, identity));
  }
  record_properties(report, identity.suffix);
  if (!report.violation) {
    add_failure(where, with_article(kind) + " was to be found, but nothing was: " +
                           report.summary() + passed_over(report));
  } else if (!satisfies(kind, report.violation->kind)) {
    report::write_files(report);
    add_failure(where, with_article(kind) + " was to be found, but " +
                           with_article(report.violation->kind) + " was:\n" + report.text());
  }
  return report;
}

}  // namespace weft
