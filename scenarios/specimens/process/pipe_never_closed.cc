// Each program leaves its caller one descriptor, until there are no more to be had.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "primitives/process/run.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

template <bool kCloses>
std::string read_one() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  (void)run({"echo", "text"}, {.start = {.out = Redirect::descriptor(ends[1])}});
  ::close(ends[1]);
  char text[16];
  (void)!::read(ends[0], text, sizeof text);
  if (kCloses) ::close(ends[0]);
  const bool leaks = is_open(ends[0]);
  if (leaks) ::close(ends[0]);
  return unless(!leaks, "a descriptor is left open");
}

}  // namespace

constinit const Specimen kPipeNeverClosed{
    .row = "000-9",
    .name = "process/pipe_never_closed",
    .mistake = "the end of a pipe that was read is never closed",
    .kind = kind::kAssertion,
    .body = read_one<false>,
    .mended = read_one<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
