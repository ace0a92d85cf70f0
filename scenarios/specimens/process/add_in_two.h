// Two processes add to one number in shared memory, at the same time.
//
// Thread safety: a call is one thread's.
#pragma once

#include <thread>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"

namespace weft::scenarios::specimens::process {

using Total = ipc::RawValue<int>;

// Two steps: what comes between is lost.
inline void read_and_write(Total& total) {
  const int before = total.load();
  std::this_thread::yield();
  total.store(before + 1);
}
inline void add_in_one_step(Total& total) { (void)total.fetch_add(1); }

// The total after so many additions of each, from 0.
template <void (*kAdd)(Total&)>
int add_in_two(int additions) {
  Total total, ready;
  const auto task = [&] {
    (void)ready.fetch_add(1);
    while (ready.load() < 2) std::this_thread::yield();  // so that they meet
    for (int i = 0; i < additions; ++i) kAdd(total);
  };
  ipc::Process first(task), second(task);
  first.start();
  second.start();
  first.join();
  second.join();
  return total.load();
}

}  // namespace weft::scenarios::specimens::process
