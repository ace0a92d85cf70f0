// What has ended stays in the table of the system until its parent has asked how.
#include <poll.h>
#include <signal.h>

#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

template <bool kJoins>
std::string leave() {
  pid_t pid = 0;
  {
    // A daemon, whose object does not wait for it.
    ipc::Process process({.daemon = true}, [] {});
    process.start();
    pid = process.pid();
    if (kJoins) {
      process.join();
    } else {
      pollfd end{.fd = process.sentinel(), .events = POLLIN, .revents = 0};
      while (::poll(&end, 1, -1) != 1) {
      }
    }
  }
  const bool is_there = ::kill(pid, 0) == 0;
  (void)ipc::active_children();  // waits for it after all
  return unless(!is_there, "a zombie is left");
}

}  // namespace

constinit const Specimen kJoinForgotten{
    .row = "000-4",
    .name = "process/join_forgotten",
    .mistake = "nobody waits for the process, and a zombie stays",
    .kind = kind::kAssertion,
    .body = leave<false>,
    .mended = leave<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
