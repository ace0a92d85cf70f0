#include "stress/run/execution.h"

#include <cxxabi.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

#include "stress/run/futex.h"

#if defined(WEFT_EXPLORE)
#include "stress/explore/explore.h"
#endif

namespace weft::internal {
namespace {

// relaxed throughout: what is neither a lock nor seq_cst here orders no tested threads.
constexpr auto kRelaxed = std::memory_order_relaxed;

// Long enough for a body to make its threads, short against the budget of a check whose body never
// joins before it has talked to its threads.
constexpr std::chrono::milliseconds kLongestGate{3};
constexpr std::chrono::microseconds kLongestSpin{40};

using Clock = std::chrono::steady_clock;

// What the harness does on a thread under test is no part of the test.
#if defined(WEFT_EXPLORE)
using NotUnderTest = explore::Outside;
std::string name_of_this_thread() { return explore::thread_facts(explore::this_thread_id()).name; }
#else
struct NotUnderTest {
  NotUnderTest() {}
};
std::string name_of_this_thread() {
  const ThreadSlot* slot = this_slot();
  return slot == nullptr ? std::string() : slot->name.get();
}
#endif

template <class Condition>
bool spin_until(const Condition& condition) {
  const auto give_up = Clock::now() + kLongestSpin;
  while (true) {
    for (int i = 0; i < 16; ++i) {
      if (condition()) return true;
      relax_core();
    }
    if (Clock::now() >= give_up) return condition();
  }
}

// Only reports of violations and searches touch it, never a hook.
std::atomic<Execution*> current{nullptr};
thread_local Execution* of_this_thread = nullptr;

}  // namespace

std::unique_ptr<Execution::Events> Execution::unused_events() {
  if (Events* const spare = spare_.exchange(nullptr)) return std::unique_ptr<Events>(spare);
  return std::make_unique<Events>();
}

Execution::~Execution() {
  if (events_->tickets.load(kRelaxed) != 0) {
    for (Event& event : events_->ring) event.ticket.store(0, kRelaxed);
    events_->tickets.store(0, kRelaxed);
  }
  delete spare_.exchange(events_.release());
}

void Execution::record(Kind kind, std::string text) {
#if defined(WEFT_EXPLORE)
  explore::record_violation();
#endif
  const NotUnderTest guard;
  const std::lock_guard lock(mutex_);
  violated_.store(true, kRelaxed);
  const auto same = [kind](const Violation& v) { return v.kind == kind; };
  if (std::any_of(violations_.begin(), violations_.end(), same)) return;
  // A copy: what a thread under the explorer allocated ends with the execution.
  violations_.push_back({.kind = kind, .text = std::string(text.c_str())});
}

std::vector<Violation> Execution::take_violations() {
  const std::lock_guard lock(mutex_);
  return std::move(violations_);
}

void Execution::event(std::string_view text) {
  const NotUnderTest guard;
  const std::uint64_t ticket = events_->tickets.fetch_add(1, kRelaxed) + 1;
  Event& entry = events_->ring[ticket % kMaxEvents];
  entry.ticket.store(ticket, kRelaxed);
  entry.thread.set(name_of_this_thread());
  entry.text.set(text);
}

std::vector<std::string> Execution::events() const {
  std::vector<std::pair<std::uint64_t, std::string>> ordered;
  for (const Event& event : events_->ring) {
    if (const std::uint64_t ticket = event.ticket.load(kRelaxed)) {
      ordered.emplace_back(ticket, event.thread.get() + ": " + event.text.get());
    }
  }
  std::sort(ordered.begin(), ordered.end());
  std::vector<std::string> texts;
  for (auto& [ticket, text] : ordered) texts.push_back(std::move(text));
  return texts;
}

void Execution::open_gate(unsigned value) {
  if (gate_.load(kRelaxed) >= value) return;
  gate_.store(value, kRelaxed);
  futex_wake_all(gate_);
}

bool Execution::pass_gate(unsigned phase) {
  // Who spins when the gate opens starts within nanoseconds of the others; who sleeps in the futex
  // is tens of microseconds late. So: spin a little, sleep, and spin a little for the late ones. It
  // is never long, for on a busy machine a spinning thread may keep the awaited one off its core.
  const auto is_open = [&] { return gate_.load(kRelaxed) > phase; };
  const auto give_up = Clock::now() + kLongestGate;
  bool open = spin_until(is_open);
  while (!open && Clock::now() < give_up) {
    const unsigned seen = gate_.load(kRelaxed);
    open = seen > phase;
    if (!open) futex_wait(gate_, seen, give_up - Clock::now());
  }
  passed_.fetch_add(1, kRelaxed);
  spin_until([&] { return passed_.load(kRelaxed) >= expected_.load(kRelaxed); });
  return !closed_.load(kRelaxed);
}

Execution* current_execution() { return current.load(); }
void set_current_execution(Execution* execution) { current.store(execution); }

Execution* execution_of_this_thread() {
  return of_this_thread != nullptr ? of_this_thread : current_execution();
}
void set_execution_of_this_thread(Execution* execution) { of_this_thread = execution; }

std::string describe_current_exception() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an exception that is not C++";
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(
      abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), std::free);
  std::string text = status == 0 ? demangled.get() : type->name();
  try {
    throw;
  } catch (const std::exception& error) {
    text += std::string(": ") + error.what();
  } catch (const std::string& value) {
    text += ": " + value;
  } catch (const char* value) {
    text += std::string(": ") + value;
  } catch (...) {
  }
  return text;
}

}  // namespace weft::internal
