// With the string in memory that both share, here its length, letters get lost all the same.
#include <atomic>
#include <thread>

#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"
#include "scenarios/specimens/process/shared_between.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kLetters = 50;

// Two steps: what comes between is lost.
void read_and_write(std::atomic<int>& total) {
  const int before = total;
  std::this_thread::yield();
  total = before + 1;
}
void add_in_one_step(std::atomic<int>& total) { total.fetch_add(1); }

template <void (*kAdd)(std::atomic<int>&)>
std::string append() {
  SharedBetween<std::atomic<int>> length;
  SharedBetween<std::atomic<int>> ready;
  const auto task = [&] {
    ready->fetch_add(1);
    while (*ready < 2) std::this_thread::yield();  // so that they meet
    for (int i = 0; i < kLetters; ++i) kAdd(*length);
  };
  ipc::Process first(task), second(task);
  first.start();
  second.start();
  first.join();
  second.join();
  return unless_equal("number of letters", *length, 2 * kLetters);
}

}  // namespace

constinit const Specimen kLettersWithoutLock{
    .row = "002-2",
    .name = "process/letters_without_lock",
    .mistake = "two processes append to shared memory without a lock",
    .kind = kind::kAssertion,
    .body = append<read_and_write>,
    .mended = append<add_in_one_step>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
