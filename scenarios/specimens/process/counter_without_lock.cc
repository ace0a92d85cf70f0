// The counter is shared, and each addition reads it and writes it back.
#include <atomic>
#include <thread>

#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"
#include "scenarios/specimens/process/shared_between.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kAdditions = 50;

// Two steps: what comes between is lost.
void read_and_write(std::atomic<int>& total) {
  const int before = total;
  std::this_thread::yield();
  total = before + 1;
}
void add_in_one_step(std::atomic<int>& total) { total.fetch_add(1); }

template <void (*kAdd)(std::atomic<int>&)>
std::string count() {
  SharedBetween<std::atomic<int>> counter;
  SharedBetween<std::atomic<int>> ready;
  const auto task = [&] {
    ready->fetch_add(1);
    while (*ready < 2) std::this_thread::yield();  // so that they meet
    for (int i = 0; i < kAdditions; ++i) kAdd(*counter);
  };
  ipc::Process first(task), second(task);
  first.start();
  second.start();
  first.join();
  second.join();
  return unless_equal("counter", *counter, 2 * kAdditions);
}

}  // namespace

constinit const Specimen kCounterWithoutLock{
    .row = "003-2",
    .name = "process/counter_without_lock",
    .mistake = "two processes count in shared memory without a lock",
    .kind = kind::kAssertion,
    .body = count<read_and_write>,
    .mended = count<add_in_one_step>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
