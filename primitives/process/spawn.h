// Starts a program: posix_spawn with what its caller must take care of.
//
// Thread safety: any thread.
#pragma once

#include <sys/types.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "primitives/process/descriptor.h"
#include "primitives/process/redirect.h"
#include "primitives/process/subprocess_errors.h"

namespace weft {

// What a program is started with. From the caller it inherits the umask, the limits (setrlimit),
// the user and the terminal; of open files, those named here and no others; its signals are not
// blocked and do what they do by default, whatever the caller ignores or blocks.
struct StartOptions {
  Redirect in = Redirect::inherit();
  Redirect out = Redirect::inherit();
  Redirect err = Redirect::inherit();
  // Its working folder, also for a relative path of the program; empty: the caller's.
  std::string cwd = {};
  // All of its environment; nothing: the caller's.
  std::optional<std::map<std::string, std::string>> env = {};
  // In a process group of its own, which Popen::kill_group() reaches with all that it starts.
  bool new_group = false;
  // Descriptors of the caller that stay open in the program under the same number.
  std::vector<int> pass_fds = {};
};

namespace internal {

struct Spawned {
  pid_t pid = -1;
  Descriptor pidfd;  // none if it has ended and the caller ignores SIGCHLD
  // The caller's ends of the pipes, which do not block: standard input, output, error.
  std::array<Descriptor, 3> ends;
};

// A name without a slash is looked for in the PATH that the program gets. Throws StartError, and
// ValueError for no arguments, a null byte, or a redirect that the stream cannot have.
Spawned spawn(const Arguments& args, const StartOptions& options);

}  // namespace internal
}  // namespace weft
