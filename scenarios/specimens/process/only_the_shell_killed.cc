// A shell and what it starts share the output. Who kills the shell alone and reads to the end waits
// for the other one, which here ends when its own input does: with the caller.
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "primitives/process/popen.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

template <bool kWholeGroup>
std::string read_to_the_end() {
  Popen shell({"/bin/sh", "-c", "exec 3<&0; cat <&3 & echo ready; wait"},
              {.in = Redirect::pipe(), .out = Redirect::pipe(), .new_group = true});
  // Its first line says that the other one runs.
  char byte = 0;
  while (byte != '\n') {
    if (::read(shell.out(), &byte, 1) < 0 && errno != EAGAIN && errno != EINTR) return "no shell";
  }
  kWholeGroup ? shell.kill_group() : shell.kill();
  for (;;) {
    pollfd output{.fd = shell.out(), .events = POLLIN, .revents = 0};
    if (::poll(&output, 1, -1) == 1 && ::read(shell.out(), &byte, 1) == 0) return "";
  }
}

}  // namespace

constinit const Specimen kOnlyTheShellKilled{
    .row = "000-9",
    .name = "process/only_the_shell_killed",
    .mistake =
        "the time is up and the shell is killed, and what it had started holds the output open",
    .kind = kind::kHang,
    .body = read_to_the_end<false>,
    .mended = read_to_the_end<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
