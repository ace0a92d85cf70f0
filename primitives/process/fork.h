// fork() by a pointer, so that a test can make it fail: a limit on processes does not bind the
// superuser.
//
// Thread safety: set while no process is being started.
#pragma once

#include <unistd.h>

namespace weft::internal {

using ForkFunction = pid_t (*)();
inline ForkFunction fork_function = ::fork;

}  // namespace weft::internal
