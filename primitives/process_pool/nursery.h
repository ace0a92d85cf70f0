// Nursery: a process that forks the workers of a pool.
//
// A worker that takes a dead one's place is not forked from the program itself, whose other threads
// may hold any lock by then, but from the nursery, which has one thread and was forked when the
// pool was made. The nursery is a daemon of the program, the workers are daemons of the nursery: so
// when the program ends, however, the nursery is killed, and the workers with it.
//
// Thread safety: start() first; spawn() and kill() from any thread; receive() from one.
// Invariants:     (I1) For each spawn() that returned 0 one kStarted or kFailed comes, and after a
//                      kStarted one kEnded, unless the nursery dies: then kGone comes, and nothing
//                      after it.
//                 (I2) No signal goes to a process that got a worker's number later: the nursery,
//                      whose children they are, sends it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "primitives/process/descriptor.h"
#include "primitives/process/process.h"

namespace weft::internal {

class Nursery {
 public:
  struct Event {
    enum Kind : std::uint32_t { kStarted, kFailed, kEnded, kGone };
    Kind kind;
    std::uint32_t place;
    std::int32_t value;  // kStarted: pid, kFailed: errno, kEnded: exit code, or -N for signal N
  };

  // `work` is called in each worker, with the worker's place. Throws StartError.
  Nursery(std::string name, std::function<void(std::size_t place)> work);
  ~Nursery();

  // 0, or the errno with which the kernel refused to tell the nursery.
  int spawn(std::size_t place);
  // Nothing happens if it has ended. If the kernel refuses to tell the nursery, all end: nobody is
  // to wait for a worker that should be dead.
  void kill(std::size_t place);
  // Nothing if there is none yet.
  std::optional<Event> receive();
  // Waits for one.
  Event wait();
  // Can be read when there is an event.
  int descriptor() const { return pools_end_.get(); }

  // Kills the workers that are left, and waits for the nursery's end.
  void end();

 private:
  class Ward;

  Descriptor pools_end_;
  std::optional<ipc::Process> process_;
};

}  // namespace weft::internal
