// Slot: what the pool's process and one worker share, and how a task passes from one to the other.
//
// The pool writes a record for each task into `tasks`, the worker one for each result into
// `results`, both in the order of the tasks' numbers, which count from 0 in each life of a worker.
// A task that the worker has not begun can be taken back: its cell says who was quicker.
//
//   cell     | meaning                                            | goes on by
//   kPosted  | in the stream, and nobody has decided about it     | the pool's store
//   kBegun   | the worker does it; it ends with a result record   | the worker's compare-exchange
//   kTaken   | the pool has taken it back; the worker passes over | the pool's compare-exchange
//
// Thread safety: as the table says; clear() while there is no worker.
// Invariants:     (I1) A task is begun by at most one worker at a time: whoever gives it to another
//                      has taken it back, or the worker is dead.
//                 (I2) When a worker has died, what it has begun and given no result for is at most
//                      one task.
//                 (I3) A cell is posted anew only when the worker has passed the record that used
//                      it before.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "primitives/process_pool/bell.h"
#include "primitives/process_pool/stream.h"

namespace weft::internal {

struct SharedSlot {
  static constexpr std::size_t kCells = 256;
  using Cell = std::atomic<std::uint8_t>;
  static constexpr std::uint8_t kPosted = 0;
  static constexpr std::uint8_t kBegun = 1;
  static constexpr std::uint8_t kTaken = 2;

  void clear() {
    tasks.reset();
    results.reset();
    passed.store(0);
    begun_at.store(0);
    worker_sleeps.store(0);
  }
  Cell& cell(std::uint64_t number) { return cells[number % kCells]; }
  // True for one of those who ask.
  static bool decide(Cell& cell, std::uint8_t decision) {
    std::uint8_t expected = kPosted;
    return cell.compare_exchange_strong(expected, decision);
  }

  Stream tasks;
  Stream results;
  Cell cells[kCells];
  // Records that the worker is done with: their cells are free.
  alignas(64) std::atomic<std::uint64_t> passed{0};
  // When the worker began its task, in nanoseconds of the steady clock; only if tasks have limits.
  std::atomic<std::int64_t> begun_at{0};
  Bell::Word worker_sleeps{0};
};
static_assert(SharedSlot::Cell::is_always_lock_free);

// What stands before the bytes of a record.
struct TaskHeader {
  enum Kind : std::uint32_t { kTask, kEnd };
  std::uint64_t number;
  std::uint64_t call;      // a RemoteCall, as an address: both processes are one image
  std::uint64_t function;  // what it calls
  std::uint32_t size;      // of the arguments
  Kind kind;
};
struct ResultHeader {
  enum Kind : std::uint32_t { kValue, kFailure, kNoStart };
  std::uint64_t number;
  std::uint32_t size;
  Kind kind;
};

}  // namespace weft::internal
