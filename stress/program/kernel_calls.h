// What an execution asks of the kernel, which memory alone does not undo.
//
// The kernel hands every system call that is not the runtime's to a signal handler (Syscall User
// Dispatch, Linux 5.11; prctl(2)). A call that leaves nothing behind, or that can be undone, is
// made there. Before any other one control is given up: this execution goes on as in a process of
// its own, and is the last one of its process.
//
// Thread safety: by a runner's process, which has one kernel thread.
// Invariants:     (I1) as long as image_is_kept(), whatever the execution has changed in the kernel
//                      is undone by undo_calls(). Giving up control opens the image.
// Non-invariants: the runtime's own calls are not looked at; what they change is the runtime's.
#pragma once

#include "stress/program/channel.h"

namespace weft::program {

// From here on. `search` are the system calls of the search, which are made, too, if they come
// while the program runs: its strategies'. False: the kernel cannot do that.
bool begin_kernel_calls(const Range& search);

// Between these two the program runs. Outside of them a call is the search's, and ends the process.
void begin_calls();
void end_calls();

void undo_calls();

}  // namespace weft::program
