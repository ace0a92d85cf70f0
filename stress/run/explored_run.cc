// weft::Run under the explorer: threads need no gate, because the scheduler decides who begins.
#include <cxxabi.h>

#include <array>
#include <memory>

#include "stress/explore/explore.h"
#include "stress/run/execution.h"
#include "stress/run/run.h"

namespace weft {
namespace {

// Of the running execution's threads; outlives executions.
struct ThreadRandom {
  std::uint64_t execution = 0;  // a serial number of it
  Random random;
};
std::array<ThreadRandom, 512> randoms;

std::thread* next_to_join(std::vector<std::thread>& threads) {
  const explore::Uncounted harness;
  for (std::thread& thread : threads) {
    if (thread.joinable()) return &thread;
  }
  return nullptr;
}

// Any thread may be the first.
void draw_random(internal::Execution& execution) {
  const explore::Outside harness;
  execution.draw_random();
}

}  // namespace

using internal::Execution;

Run::Identity Run::new_identity(std::string name) {
  const explore::Uncounted harness;
  const auto index = static_cast<unsigned>(threads_.size() + 1);
  if (name.empty()) name = "thread " + std::to_string(index - 1);
  joined_ = false;
  return {.name = std::move(name), .index = index, .phase = phase_};
}

void Run::run_thread(const Identity& identity, void (*call)(void*), void* function) {
  {
    const explore::Uncounted harness;
    explore::set_thread_name(identity.name.c_str());
  }
  try {
    call(function);
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit()
  } catch (...) {
    execution_.record(Kind::kException,
                      internal::describe_current_exception() + " left " + identity.name);
  }
}

void Run::start() {}

void Run::join() {
  while (std::thread* const next = next_to_join(threads_)) next->join();
  const explore::Uncounted harness;
  ++phase_;
  joined_ = true;
}

void Run::body_ended(bool returned) {
  if (joined_) return;
  if (returned) {
    fail("the body returned without run.join(): its threads may use variables that are gone");
  }
  join();
}

Run::~Run() = default;

void Run::fail(std::string_view sentence) {
  execution_.record(Kind::kAssertion, std::string(sentence));
}

Random& Run::random() {
  const unsigned id = explore::this_thread_id();
  ThreadRandom& own = randoms[id];
  // From the seed alone, without the execution's number, which a replay does not know.
  if (own.execution != execution_.serial()) {
    own = {execution_.serial(), Random(seed_of({execution_.seed(), id}))};
  }
  draw_random(execution_);
  return own.random;
}

void Run::may_end_stuck(bool (*is_right)(void*), void* argument) {
  const explore::Uncounted uncounted;
  const explore::Outside harness;
  execution_.may_end_stuck(is_right, argument);
}

std::uint64_t Run::seed() const {
  draw_random(execution_);
  return execution_.seed();
}
std::uint64_t Run::execution() const { return execution_.number(); }
void Run::event(std::string_view text) { execution_.event(text); }

}  // namespace weft
