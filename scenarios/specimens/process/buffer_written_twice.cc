// A buffer that holds something at a fork is in both processes, and each writes it. Here the child
// ends as programs end, by writing out its buffers; a Process leaves those of its parent alone.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

void child_that_flushes(FILE* file) {
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    (void)std::fflush(file);
    ::_exit(0);
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void child_of_the_library(FILE*) {
  ipc::Process process([] {});
  process.start();
  process.join();
}

template <void (*kStartChild)(FILE*)>
std::string write_once() {
  FILE* const file = std::tmpfile();
  if (!file) throw std::system_error(errno, std::generic_category(), "tmpfile");
  std::fputs("once", file);
  kStartChild(file);
  std::fflush(file);
  const long length = std::ftell(file);
  std::fclose(file);
  return unless_equal("length of the file", length, 4);
}

}  // namespace

constinit const Specimen kBufferWrittenTwice{
    .row = "002-2",
    .name = "process/buffer_written_twice",
    .mistake = "what was in a buffer at the fork comes out of both processes",
    .kind = kind::kAssertion,
    .body = write_once<child_that_flushes>,
    .mended = write_once<child_of_the_library>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
