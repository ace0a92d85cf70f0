#include "stress/run/run.h"

#include <cxxabi.h>
#include <pthread.h>

#include "stress/run/execution.h"
#include "stress/run/perturb.h"
#include "stress/run/threads.h"

namespace weft {

using internal::Execution;

// The name travels with the thread: asking the execution for it would take a lock, and order what
// the body did meanwhile before the thread.
Run::Identity Run::new_identity(std::string name) {
  const auto index = static_cast<unsigned>(threads_.size() + 1);
  if (name.empty()) name = "thread " + std::to_string(index - 1);
  internal::ThreadLocalState& local = internal::this_thread();
  local.gate = &execution_.gate();
  local.gate_value = phase_ + 1;
  execution_.expect_thread();
  joined_ = false;
  return {.name = std::move(name), .index = index, .phase = phase_};
}

void Run::run_thread(const Identity& identity, void (*call)(void*), void* function) {
  internal::name_this_thread(identity.name);
  pthread_setname_np(pthread_self(), identity.name.substr(0, 15).c_str());
  internal::set_execution_of_this_thread(&execution_);
  internal::adopt_plan(identity.index);
  if (!execution_.pass_gate(identity.phase)) return;
  internal::perturb_this_thread();
  try {
    call(function);
  } catch (const abi::__forced_unwind&) {
    throw;  // pthread_exit()
  } catch (...) {
    execution_.record(Kind::kException,
                      internal::describe_current_exception() + " left " + identity.name);
  }
}

void Run::start() { execution_.open_gate(phase_ + 1); }

void Run::join() {
  start();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  ++phase_;
  joined_ = true;
}

void Run::body_ended(bool returned) {
  if (joined_) return;
  if (returned) {
    fail("the body returned without run.join(): its threads may use variables that are gone");
  }
  execution_.close_gate();
  join();
}

Run::~Run() { internal::this_thread().gate = nullptr; }

void Run::fail(std::string_view sentence) {
  execution_.record(Kind::kAssertion, std::string(sentence));
}

Random& Run::random() {
  internal::adopt_plan_if_new();
  return internal::this_thread().numbers;
}

void Run::may_end_stuck(bool (*)(void*), void*) {}

std::uint64_t Run::seed() const { return execution_.seed(); }
std::uint64_t Run::execution() const { return execution_.number(); }
void Run::event(std::string_view text) { execution_.event(text); }

}  // namespace weft
