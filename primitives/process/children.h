// What a process knows of those that it has forked, and what they do at its end.
//
// Thread safety: any thread, under children_mutex. One mutex guards all of it, and fork() is called
// with it held, by a handler (pthread_atfork), so that a child finds all states whole and the mutex
// free, whatever other threads did.
// Invariants:     (I1) An exit code that was seen stays. A child is waited for once, by its pidfd,
//                      and until then its number is nobody else's.
//                 (I2) In a child, also in one by a fork() of somebody else, no descriptor of these
//                      states is open but the child's own end of its life-line. Else a process
//                      would hold the life-line of its sibling, which so would outlive its parent.
//                 (I3) `children` holds those that were started and not yet waited for.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/mutex.h"
#include "primitives/base/thread_annotations.h"
#include "primitives/process/descriptor.h"
#include "primitives/process/life_line.h"

namespace weft::internal {

extern Mutex children_mutex;

struct ChildState {
  // Generations since the first process: all who know this state are its maker or descend from it,
  // so that an equal number means the maker. A process id would not do: it may be given again.
  unsigned maker WEFT_GUARDED_BY(children_mutex) = 0;
  std::string name WEFT_GUARDED_BY(children_mutex);
  bool daemon WEFT_GUARDED_BY(children_mutex) = false;
  bool started WEFT_GUARDED_BY(children_mutex) = false;
  bool closed WEFT_GUARDED_BY(children_mutex) = false;
  pid_t pid WEFT_GUARDED_BY(children_mutex) = 0;
  // Readable when the child has ended. Null until it has begun. Who waits holds it meanwhile, so
  // that its number is no other file's.
  std::shared_ptr<Descriptor> sentinel WEFT_GUARDED_BY(children_mutex);
  LifeLine line WEFT_GUARDED_BY(children_mutex);
  bool ended WEFT_GUARDED_BY(children_mutex) = false;
  // Nothing after the end: the kernel gave it to somebody else, or to nobody.
  std::optional<int> exit_code WEFT_GUARDED_BY(children_mutex);
};
using ChildStates = std::vector<std::shared_ptr<ChildState>>;

ChildStates& children() WEFT_REQUIRES(children_mutex);
void forget(const ChildState& state) WEFT_REQUIRES(children_mutex);

unsigned generation();
// Whether this process is a daemon.
bool is_daemon();

// Before the first state is made: installs the handlers of fork() and of exit().
void prepare_for_children();

// Forks, with fork_function. In the child `state` keeps its end of the life-line. -1 and errno.
pid_t fork_child(ChildState& state) WEFT_EXCLUDES(children_mutex);

// Looks whether the child has ended, and notes how.
void look(ChildState& state) WEFT_REQUIRES(children_mutex);
// Sends a signal to one that has begun and not been waited for.
void send_signal(ChildState& state, int signal) WEFT_REQUIRES(children_mutex);
// Until the child, which has begun, has ended: false if it has not at the deadline.
bool wait_for_end(ChildState& state, const Deadline& deadline) WEFT_EXCLUDES(children_mutex);

// Makes a forked process the child that `state` tells of. False if it is not to run: its
// parent gave up, or a daemon cannot be bound to it.
bool become(ChildState& state) WEFT_EXCLUDES(children_mutex);
// The end of a child: of what it has started first, then its output, then of itself. No destructor
// and no handler of its parent runs.
[[noreturn]] void end_child(int exit_code);

// Writes out what the standard streams hold, and touches none that holds nothing: each page that is
// written after a fork costs a copy, and each that is used in the child a fault.
void flush_streams();

}  // namespace weft::internal
