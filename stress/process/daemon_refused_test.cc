// A daemon that the kernel does not bind to its parent's life.
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>

#include "primitives/process/process.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

// From now on fcntl() with this command fails in the calling process and in what it starts.
void refuse_fcntl(int command) {
  sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(command), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{.len = static_cast<unsigned short>(std::size(steps)), .filter = steps};
  require(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  require(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

// The three steps by which it asks to be killed with its parent.
TEST_F(Processes, DoNotBeginAsADaemonThatWouldOutliveItsParent) {
  for (const int command : {F_SETSIG, F_SETOWN, F_SETFL}) {
    const std::string said = temporary("said");
    const Shared<std::atomic<int>> daemons, others;
    Process parent([&] {
      require(std::freopen(said.c_str(), "w", stderr));
      refuse_fcntl(command);
      Process daemon({.daemon = true}, [&] { daemons->fetch_add(1); });
      daemon.start();
      daemon.join();
      require(daemon.exitcode() == 1);
      Process other([&] { others->fetch_add(1); });
      other.start();
      other.join();
      require(other.exitcode() == 0);
    });
    parent.start();
    parent.join();
    EXPECT_EQ(parent.exitcode(), 0) << command;
    EXPECT_EQ(*daemons, 0) << command;
    EXPECT_EQ(*others, 1) << command;
    EXPECT_EQ(content(said),
              "weft: a daemon that would outlive its parent does not begin: Operation not "
              "permitted\n");
    ::unlink(said.c_str());
  }
}

}  // namespace
}  // namespace weft::ipc
