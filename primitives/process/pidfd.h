// Children by descriptor. glibc 2.36 declares its functions for that for C alone.
//
// Thread safety: any thread; reap() of a child by one at a time.
#pragma once

#include <sys/types.h>

#include <optional>

#include "primitives/base/deadline.h"

namespace weft::internal {

// -1 and errno.
int pidfd_open(pid_t pid);

struct ChildEnd {
  // The exit code, or -N if signal N ended it. Nothing if the kernel gave it to somebody else, who
  // waited for any child, or to nobody, because the program ignores SIGCHLD.
  std::optional<int> code;
};
// Nothing as long as the child runs. After the end its number may be given to another process.
// Throws std::system_error.
std::optional<ChildEnd> reap(int pidfd);

// Until the child has ended, there is nothing to wait for, or the deadline has passed. Does not
// take its end from reap(). Without a deadline it throws nothing: unlike poll() it needs nothing
// that the kernel may be short of, so destructors use it. With one it throws as wait_until().
void await_end(int pidfd, const Deadline& deadline);

// Nothing happens if the child has ended. Throws std::system_error.
void send_signal_to(int pidfd, int signal);

}  // namespace weft::internal
