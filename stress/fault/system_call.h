// System calls as a tracer sees them (ptrace(2)), and the errors that each may give.
//
// Thread safety: the functions of a traced thread by its tracer; the rest is constant.
// Non-invariants: that the table names every system call: what a caller does not see fail
// (getpid(), munmap(), signal masks) is left out, and so is every call whose failure would be the
// test's own.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>

namespace weft::fault {

struct SystemCall {
  long number = -1;
  unsigned long arguments[6] = {};
};

// The call at whose entry or exit the thread stands.
SystemCall call_at_entry(pid_t thread);

// What a call of this kind may give: as its manual page says, where this library can come to it.
// Empty for those that are not made to fail.
std::span<const int> errors_of(const SystemCall& call);

std::string name_of(const SystemCall& call);

// At its entry: it will not be made. fail_at_exit() has to follow.
void skip_at_entry(pid_t thread);
// At its exit: it says `error`.
void fail_at_exit(pid_t thread, int error);
// Whether a call is made all the same when it is to fail: close() frees the number in any case.
bool is_made_though_failed(const SystemCall& call);

// Of a read() or write(), at its entry: so many bytes at most. Returns the size to be put back at
// its exit, by put_size_back().
unsigned long shorten_at_entry(pid_t thread, const SystemCall& call, unsigned long most);
void put_size_back(pid_t thread, unsigned long size);
// A transfer by a stream of bytes: read(), write(), with more than one byte.
bool is_transfer(const SystemCall& call);

}  // namespace weft::fault
