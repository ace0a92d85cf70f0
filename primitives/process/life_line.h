// LifeLine: two connected sockets, one of a process and one of its child. The kernel closes them
// when a process ends, whatever ended it, so each learns the other's end.
//
//   parent to child  nothing but the end of the stream: the parent is gone, or gave up
//   child to parent  one byte, the last thing: its exit code
//   `go`, an event   the child may go on
//
// PR_SET_PDEATHSIG would be simpler, but it tells the end of the parent's *thread*.
//
// Thread safety: one thread at a time.
// Invariants:     (I1) Nothing is ever sent to the child's socket. The kernel signals whatever
//                      happens to it, bytes as well as the end, and it may do so a while after the
//                      reader has the bytes: a child that had read a byte, and then asked to be
//                      killed at the end, could be killed by that byte.
// Non-invariants: that the child's end of the line is open. What the child runs may close all
//                 descriptors, and then its parent's end is nothing to it.
#pragma once

#include <optional>

#include "primitives/process/descriptor.h"

namespace weft::internal {

struct LifeLine {
  Descriptor parents, childs, go;

  // Throws StartError.
  static LifeLine make();

  // The parent's: lets the child go on. False, and errno, if the kernel does not tell it: it will
  // wait until the parent's end is closed.
  bool let_go() const;
  // The parent's, after the child's end: the exit code, unless a signal ended it.
  std::optional<int> last_word() const;

  // The child's: waits for let_go(). False if it will not come.
  bool may_go() const;
  // The child's, after may_go(): the kernel kills it with SIGKILL when the parent's end is closed.
  // No thread of the child has to listen for that. False, and errno, if the kernel will not.
  bool die_with_parent() const;
  void say_last_word(int exit_code) const;
};

}  // namespace weft::internal
