// Input and output. The policy: a thread that would block in read(), recv(), accept(), poll() or
// their like waits until another thread under test has written, sent, connected or closed
// something, and looks again; when nobody is left who could, that is a deadlock. Nothing waits for
// another process. What may not block looks once. Output that another thread may read, to a pipe or
// a socket, is a step like that of a lock; all other is done at once and is part of no order.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "stress/explore/interpose.h"
#include "stress/explore/tested_call.h"

namespace weft::explore {
namespace {

// What was written comes before what is read, whatever the files: that they are the two ends of one
// pipe is not known.
constexpr uintptr_t kAllFiles = 8;

// Threads that wait for input: one list, in the tables, for all files.
WaitList& waiting() { return object(2, Kind::kFile).waiting; }

bool is_ready(pollfd* files, nfds_t count) {
  return tested_syscall(SYS_poll, long(files), long(count), 0, 0, 0, 0) != 0;
}

bool never_blocks(int file) {
  const long flags = raw_syscall(SYS_fcntl, file, F_GETFL);
  return !raw_failed(flags) && (flags & O_NONBLOCK) != 0;
}

bool wait_for_input(pollfd* files, nfds_t count, int64_t deadline, uintptr_t pc) {
  Operation input = operation(Op::kInput, nullptr, pc);
  point(input);
  while (!is_ready(files, count)) {
    block(waiting(), input, false, deadline);
    if (rt.current->timed_out) return false;
  }
  acquire(kAllFiles);
  note(input, 0, true);
  return true;
}

void look_for_input(pollfd* files, nfds_t count, uintptr_t pc) {
  const Operation input = operation(Op::kInput, nullptr, pc);
  point(input);
  const bool ready = is_ready(files, count);
  if (ready) acquire(kAllFiles);
  note(input, ready ? 0 : 1, ready);
}

void begin_input(int file, bool may_block, uintptr_t pc) {
  pollfd one = {file, POLLIN, 0};
  if (may_block && !never_blocks(file)) {
    wait_for_input(&one, 1, kNever, pc);
  } else {
    look_for_input(&one, 1, pc);
  }
}

// Whether what is written there can be what another thread reads. The standard ones are not asked,
// because where they go is no affair of the program's.
bool is_between_threads(int file) {
  if (file <= STDERR_FILENO) return false;
  struct stat facts;
  if (raw_failed(raw_syscall(SYS_fstat, file, long(&facts)))) return false;
  // An eventfd and its like have no type.
  const mode_t type = facts.st_mode & S_IFMT;
  return type == S_IFIFO || type == S_IFSOCK || type == 0;
}

void something_happened() {
  release(kAllFiles);
  for (Thread* thread = waiting().first; thread != nullptr; thread = thread->next) enable(*thread);
}

// Does `put()`, a real function's call, at its turn. The result is its.
template <class Put>
auto output(int file, uintptr_t pc, Put put) {
  if (!controlled()) return put();
  const bool is_step = is_between_threads(file);
  const Operation step = operation(Op::kOutput, nullptr, pc);
  if (is_step) point(step);
  const auto result = put();
  something_happened();
  if (is_step) note(step, 0, true);
  return result;
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

ssize_t read(int file, void* buffer, size_t size) {
  static Real<ssize_t(int, void*, size_t)> real{"read"};
  if (controlled()) begin_input(file, true, WEFT_EXPLORE_PC());
  return real(file, buffer, size);
}

ssize_t readv(int file, const iovec* parts, int count) {
  static Real<ssize_t(int, const iovec*, int)> real{"readv"};
  if (controlled()) begin_input(file, true, WEFT_EXPLORE_PC());
  return real(file, parts, count);
}

ssize_t recv(int file, void* buffer, size_t size, int flags) {
  static Real<ssize_t(int, void*, size_t, int)> real{"recv"};
  if (controlled()) begin_input(file, (flags & MSG_DONTWAIT) == 0, WEFT_EXPLORE_PC());
  return real(file, buffer, size, flags);
}

ssize_t recvfrom(int file, void* buffer, size_t size, int flags, sockaddr* from,
                 socklen_t* from_size) {
  static Real<ssize_t(int, void*, size_t, int, sockaddr*, socklen_t*)> real{"recvfrom"};
  if (controlled()) begin_input(file, (flags & MSG_DONTWAIT) == 0, WEFT_EXPLORE_PC());
  return real(file, buffer, size, flags, from, from_size);
}

ssize_t recvmsg(int file, msghdr* message, int flags) {
  static Real<ssize_t(int, msghdr*, int)> real{"recvmsg"};
  if (controlled()) begin_input(file, (flags & MSG_DONTWAIT) == 0, WEFT_EXPLORE_PC());
  return real(file, message, flags);
}

int accept(int file, sockaddr* address, socklen_t* size) {
  static Real<int(int, sockaddr*, socklen_t*)> real{"accept"};
  if (controlled()) begin_input(file, true, WEFT_EXPLORE_PC());
  return real(file, address, size);
}

int accept4(int file, sockaddr* address, socklen_t* size, int flags) {
  static Real<int(int, sockaddr*, socklen_t*, int)> real{"accept4"};
  if (controlled()) begin_input(file, true, WEFT_EXPLORE_PC());
  return real(file, address, size, flags);
}

int poll(pollfd* files, nfds_t count, int timeout) {
  static Real<int(pollfd*, nfds_t, int)> real{"poll"};
  if (controlled()) {
    const int64_t deadline = timeout < 0 ? kNever : rt.now + timeout * (kSecond / 1000);
    if (timeout != 0) {
      wait_for_input(files, count, deadline, WEFT_EXPLORE_PC());
    } else {
      look_for_input(files, count, WEFT_EXPLORE_PC());
    }
    timeout = 0;
  }
  return real(files, count, timeout);
}

ssize_t write(int file, const void* buffer, size_t size) {
  static Real<ssize_t(int, const void*, size_t)> real{"write"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, buffer, size); });
}

ssize_t writev(int file, const iovec* parts, int count) {
  static Real<ssize_t(int, const iovec*, int)> real{"writev"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, parts, count); });
}

ssize_t send(int file, const void* buffer, size_t size, int flags) {
  static Real<ssize_t(int, const void*, size_t, int)> real{"send"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, buffer, size, flags); });
}

ssize_t sendto(int file, const void* buffer, size_t size, int flags, const sockaddr* to,
               socklen_t to_size) {
  static Real<ssize_t(int, const void*, size_t, int, const sockaddr*, socklen_t)> real{"sendto"};
  return output(file, WEFT_EXPLORE_PC(),
                [=] { return real(file, buffer, size, flags, to, to_size); });
}

ssize_t sendmsg(int file, const msghdr* message, int flags) {
  static Real<ssize_t(int, const msghdr*, int)> real{"sendmsg"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, message, flags); });
}

int connect(int file, const sockaddr* address, socklen_t size) {
  static Real<int(int, const sockaddr*, socklen_t)> real{"connect"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, address, size); });
}

int shutdown(int file, int how) noexcept {
  static Real<int(int, int)> real{"shutdown"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file, how); });
}

int close(int file) {
  static Real<int(int)> real{"close"};
  return output(file, WEFT_EXPLORE_PC(), [=] { return real(file); });
}
}
