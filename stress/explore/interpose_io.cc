// Blocking input. The policy: a thread that would block in read(), recv(), accept() or poll() waits
// until another thread under test has written, sent or closed something, and looks again; when
// nobody is left who could, that is a deadlock. Nothing waits for another process. All other input
// and output is done at once, as one step.
#include <poll.h>
#include <sys/socket.h>
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

void wait_for_one(int file, short events, uintptr_t pc) {
  pollfd one = {file, events, 0};
  wait_for_input(&one, 1, kNever, pc);
}

void something_happened() {
  release(kAllFiles);
  for (Thread* thread = waiting().first; thread != nullptr; thread = thread->next) enable(*thread);
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

ssize_t read(int file, void* buffer, size_t size) {
  static Real<ssize_t(int, void*, size_t)> real{"read"};
  if (controlled()) wait_for_one(file, POLLIN, WEFT_EXPLORE_PC());
  return real(file, buffer, size);
}

ssize_t recv(int file, void* buffer, size_t size, int flags) {
  static Real<ssize_t(int, void*, size_t, int)> real{"recv"};
  if (controlled() && (flags & MSG_DONTWAIT) == 0) wait_for_one(file, POLLIN, WEFT_EXPLORE_PC());
  return real(file, buffer, size, flags);
}

int accept(int file, sockaddr* address, socklen_t* size) {
  static Real<int(int, sockaddr*, socklen_t*)> real{"accept"};
  if (controlled()) wait_for_one(file, POLLIN, WEFT_EXPLORE_PC());
  return real(file, address, size);
}

int poll(pollfd* files, nfds_t count, int timeout) {
  static Real<int(pollfd*, nfds_t, int)> real{"poll"};
  if (controlled()) {
    const int64_t deadline = timeout < 0 ? kNever : rt.now + timeout * (kSecond / 1000);
    if (timeout != 0) wait_for_input(files, count, deadline, WEFT_EXPLORE_PC());
    timeout = 0;
  }
  return real(files, count, timeout);
}

ssize_t write(int file, const void* buffer, size_t size) {
  static Real<ssize_t(int, const void*, size_t)> real{"write"};
  const ssize_t written = real(file, buffer, size);
  if (controlled()) something_happened();
  return written;
}

ssize_t send(int file, const void* buffer, size_t size, int flags) {
  static Real<ssize_t(int, const void*, size_t, int)> real{"send"};
  const ssize_t sent = real(file, buffer, size, flags);
  if (controlled()) something_happened();
  return sent;
}

int close(int file) {
  static Real<int(int)> real{"close"};
  const int error = real(file);
  if (controlled()) something_happened();
  return error;
}
}
