#include "stress/run/thread_sanitizer.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <string>

#include "stress/run/build_mode.h"
#include "stress/run/stacks.h"

#if defined(WEFT_THREAD_SANITIZER)

extern "C" {
// The runtime's interface for debuggers and for programs that collect reports.
int __tsan_get_report_data(void* report, const char** description, int* count, int* stack_count,
                           int* mop_count, int* loc_count, int* mutex_count, int* thread_count,
                           int* unique_tid_count, void** sleep_trace, unsigned long trace_size);
int __tsan_get_report_mop(void* report, unsigned long index, int* tid, void** address, int* size,
                          int* write, int* atomic, void** trace, unsigned long trace_size);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace weft::internal {
namespace {

constexpr std::size_t kMaxFrames = 16;
constexpr std::size_t kMaxReports = 1024;  // further ones are counted only

struct Access {
  int size = 0;
  int write = 0;
  int atomic = 0;
  std::array<void*, kMaxFrames> trace{};
};
struct RaceReport {
  const char* description = nullptr;
  int accesses = 0;
  std::array<Access, 2> access{};
};

// The callback runs inside the runtime, under its lock for reports, so the array needs no other.
std::array<RaceReport, kMaxReports> reports;
std::atomic<std::uint64_t> total{0};

class Claims {
 public:
  bool claim(std::uint64_t index) {
    const std::lock_guard lock(mutex_);
    if (claimed_.size() <= index) claimed_.resize(index + 1);
    if (claimed_[index]) return false;
    claimed_[index] = true;
    ++count_;
    return true;
  }
  std::uint64_t count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::vector<bool> claimed_;  // guarded by mutex_
  std::uint64_t count_ = 0;    // guarded by mutex_
};

// Never destroyed: asked again at exit.
Claims& claims() {
  static auto* made = new Claims;
  return *made;
}

thread_local bool muted = false;

pthread_key_t unmuting_key() {
  // The runtime refuses to let a thread end muted; destructors of keys run before that check.
  static const pthread_key_t key = [] {
    pthread_key_t made = 0;
    pthread_key_create(&made, [](void*) { unmute_this_thread(); });
    return made;
  }();
  return key;
}
// Made before any report: the callback must not run a static's first use.
const pthread_key_t made_early = unmuting_key();

Kind kind_of(const char* description) {
  if (std::strncmp(description, "data-race", 9) == 0) return Kind::kDataRace;
  if (std::strcmp(description, "lock-order-inversion") == 0) return Kind::kLockInversion;
  return Kind::kSanitizerReport;
}

std::string access_in_words(const Access& access) {
  std::vector<void*> trace(access.trace.begin(), access.trace.end());
  trace.erase(std::find(trace.begin(), trace.end(), nullptr), trace.end());
  std::string text = access.atomic != 0 ? "atomic " : "";
  text += access.write != 0 ? "write" : "read";
  text += " of " + std::to_string(access.size) + (access.size == 1 ? " byte" : " bytes");
  const auto frames = without_plumbing(symbolized({trace}).front());
  if (!frames.empty()) text += " in " + frames.front();
  return text;
}

Violation in_words(const RaceReport& report) {
  const Kind kind = kind_of(report.description);
  std::string text = "ThreadSanitizer's report is in the log";
  if (kind == Kind::kSanitizerReport) text = std::string(report.description) + "; " + text;
  if (report.accesses == 2) {
    text = access_in_words(report.access[0]) + ", against " + access_in_words(report.access[1]);
  }
  return {.kind = kind, .text = std::move(text)};
}

}  // namespace

std::uint64_t thread_sanitizer_reports() { return total.load(); }

std::vector<Violation> claim_thread_sanitizer_reports(std::uint64_t& seen) {
  const std::uint64_t begin = seen;
  const std::uint64_t end = seen = total.load();
  std::vector<Violation> violations;
  for (std::uint64_t i = begin; i < end; ++i) {
    if (!claims().claim(i)) continue;
    if (i < kMaxReports) {
      violations.push_back(in_words(reports[i]));
    } else {
      violations.push_back({.kind = Kind::kSanitizerReport, .text = "too many reports to keep"});
    }
  }
  return violations;
}

std::uint64_t unclaimed_thread_sanitizer_reports() { return total.load() - claims().count(); }

void unmute_this_thread() {
  if (!muted) return;
  muted = false;
  pthread_setspecific(unmuting_key(), nullptr);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}

namespace {

WEFT_UNINSTRUMENTED void keep(void* handle) {
  const std::uint64_t index = total.load();
  if (index < kMaxReports) {
    RaceReport& report = reports[index];
    int count = 0, stacks = 0, accesses = 0, locations = 0, mutexes = 0, threads = 0, tids = 0;
    void* sleep_trace[1];
    __tsan_get_report_data(handle, &report.description, &count, &stacks, &accesses, &locations,
                           &mutexes, &threads, &tids, sleep_trace, 1);
    report.accesses = accesses < 2 ? accesses : 2;
    for (int i = 0; i < report.accesses; ++i) {
      Access& access = report.access[i];
      int tid = 0;
      void* address = nullptr;
      __tsan_get_report_mop(handle, i, &tid, &address, &access.size, &access.write, &access.atomic,
                            access.trace.data(), kMaxFrames);
    }
  }
  total.store(index + 1);
}

}  // namespace
}  // namespace weft::internal

extern "C" {

// Called for each report, under the runtime's lock for reports: so it may not report, allocate or
// take a lock that a thread of the program may hold; gtest's assertions would.
WEFT_UNINSTRUMENTED void __tsan_on_report(void* handle) {
  using namespace weft::internal;
  keep(handle);
  if (muted) return;
  muted = true;
  pthread_setspecific(made_early, &muted);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
}

// At exit: whether the exit code is to become that of ThreadSanitizer.
int __tsan_on_finalize(int failed) {
  return failed != 0 && weft::internal::unclaimed_thread_sanitizer_reports() != 0 ? 1 : 0;
}
}

#else

namespace weft::internal {
std::uint64_t thread_sanitizer_reports() { return 0; }
std::vector<Violation> claim_thread_sanitizer_reports(std::uint64_t&) { return {}; }
std::uint64_t unclaimed_thread_sanitizer_reports() { return 0; }
void unmute_this_thread() {}
}  // namespace weft::internal

#endif

// Run-time defaults that hold under `bazel test`, `bazel run` and a debugger alike. The variables
// TSAN_OPTIONS, ASAN_OPTIONS and UBSAN_OPTIONS, which //stress:defs.bzl sets too, override them.
extern "C" {
const char* __tsan_default_options() {
  return "halt_on_error=0:exitcode=66:second_deadlock_stack=1:history_size=4:"
         "suppress_equal_stacks=0:suppress_equal_addresses=0";
}
const char* __asan_default_options() {
  return "detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1:"
         "strict_init_order=1:strict_string_checks=1";
}
const char* __ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }
}
