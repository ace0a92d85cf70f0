// fork() by a pointer, so that a test can make it fail: a limit on processes does not bind the
// superuser.
//
// Thread safety: each thread has its own pointer.
#pragma once

#include <unistd.h>

namespace weft::internal {

using ForkFunction = pid_t (*)();
inline constinit thread_local ForkFunction fork_function = ::fork;

}  // namespace weft::internal
