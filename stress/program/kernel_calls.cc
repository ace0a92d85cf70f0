#include "stress/program/kernel_calls.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ucontext.h>

#include "stress/explore/raw.h"
#include "stress/program/image.h"

// The runtime's system calls: the section that raw_syscall() is in, and the way back from a
// handler.
extern "C" {
extern const char __start_weft_raw[] __attribute__((visibility("hidden")));
extern const char __stop_weft_raw[] __attribute__((visibility("hidden")));
void weft_return_from_signal() __attribute__((visibility("hidden")));
}
asm(R"(
        .pushsection weft_raw, "ax", @progbits
        .hidden weft_return_from_signal
        .globl  weft_return_from_signal
        .type   weft_return_from_signal, @function
weft_return_from_signal:
        movl    $15, %eax
        syscall
        .size   weft_return_from_signal, . - weft_return_from_signal
        .popsection
)");

namespace weft::program {
namespace {

using explore::raw_syscall;

// As in linux/prctl.h, from 5.11 on.
constexpr int kSetDispatch = 59;
constexpr long kDispatchOn = 1;

// As the kernel has it.
struct Action {
  void (*handler)(int, siginfo_t*, void*);
  unsigned long flags;
  void (*restorer)();
  unsigned long mask;
};

volatile char selector = 0;  // what the kernel looks at: 1 is to dispatch
Range calls_of_search = {};
bool runs = false;
bool has_read_input = false;
void (*fault_before)(int, siginfo_t*, void*) = nullptr;

uintptr_t whole_pages(uintptr_t bytes) { return (bytes + 4095) & ~uintptr_t{4095}; }

// What the execution has mapped by itself.
constexpr unsigned kMappings = 64;
Range mappings[kMappings];
unsigned mapping_count = 0;
uintptr_t heap_end = 0;  // brk, before the execution
bool heap_grew = false;

Action action_of(int signal) {
  Action action = {};
  raw_syscall(SYS_rt_sigaction, signal, 0, long(&action), 8);
  return action;
}

// Handlers return by a call that the kernel does not dispatch.
void set_action(int signal, Action action) {
  action.flags |= 0x04000000;  // SA_RESTORER
  action.restorer = weft_return_from_signal;
  raw_syscall(SYS_rt_sigaction, signal, long(&action), 0, 8);
}

// A call of the program.
struct Call {
  long number;
  uintptr_t a, b, c, d, e, f;

  long made() const {
    return raw_syscall(number, long(a), long(b), long(c), long(d), long(e), long(f));
  }
  // It writes to memory.
  long made_into(uintptr_t address, uintptr_t bytes) const {
    if (address != 0) touch(address, bytes);
    return made();
  }
};

bool map(const Call& call, long& result) {
  const auto flags = static_cast<int>(call.d);
  if (mapping_count == kMappings || (flags & MAP_ANONYMOUS) == 0 || (flags & MAP_PRIVATE) == 0 ||
      (flags & MAP_FIXED) != 0) {
    return false;
  }
  result = call.made();
  if (explore::raw_failed(result)) return true;
  const uintptr_t begin = uintptr_t(result);
  mappings[mapping_count++] = {begin, begin + whole_pages(call.b)};
  return true;
}

// The mapping of the execution that [call.a, call.a + call.b) is a part of; null if there is none.
Range* mapping_of(const Call& call) {
  for (unsigned i = 0; i < mapping_count; ++i) {
    if (call.a >= mappings[i].begin && call.a + whole_pages(call.b) <= mappings[i].end) {
      return &mappings[i];
    }
  }
  return nullptr;
}

bool unmap(const Call& call, long& result) {
  Range* const mapping = mapping_of(call);
  if (mapping == nullptr || mapping_count == kMappings) return false;
  result = call.made();
  if (explore::raw_failed(result)) return true;
  const Range behind = {call.a + whole_pages(call.b), mapping->end};
  mapping->end = call.a;
  if (mapping->begin == mapping->end) {
    *mapping = behind;
  } else if (behind.begin != behind.end) {
    mappings[mapping_count++] = behind;
  }
  if (mapping->begin == mapping->end) *mapping = mappings[--mapping_count];
  return true;
}

bool change_mapping(const Call& call, long& result) {
  if (mapping_of(call) == nullptr) return false;
  result = call.made();
  return true;
}

bool move_heap_end(const Call& call, long& result) {
  if (heap_end == 0) heap_end = uintptr_t(raw_syscall(SYS_brk, 0));
  // What lies below is of the image.
  if (call.a != 0 && call.a < heap_end) return false;
  if (call.a > heap_end) heap_grew = true;
  result = call.made();
  return true;
}

// Makes a call that leaves nothing behind which undo_calls() does not undo. False: it is none.
bool make(const Call& call, long& result) {
  switch (call.number) {
    case SYS_write:
    case SYS_writev:
      if (call.a != 1 && call.a != 2) return false;  // executions print to nobody
      result = call.made();
      return true;
    case SYS_read:
      if (call.a != 0) return false;
      has_read_input = true;
      result = call.made_into(call.b, call.c);
      return true;
    case SYS_fstat:
      result = call.made_into(call.b, 144);
      return true;
    case SYS_newfstatat:
      result = call.made_into(call.c, 144);
      return true;
    case SYS_ioctl:
      if (call.b != TCGETS) return false;
      result = call.made_into(call.c, 64);
      return true;
    case SYS_clock_gettime:
    case SYS_clock_getres:
    case SYS_gettimeofday:
      result = call.made_into(call.number == SYS_gettimeofday ? call.a : call.b, 16);
      return true;
    case SYS_sched_getaffinity:
      result = call.made_into(call.c, call.b);
      return true;
    case SYS_prlimit64:
      if (call.c != 0) return false;
      result = call.made_into(call.d, 16);
      return true;
    case SYS_futex:
      if ((call.b & FUTEX_CMD_MASK) != FUTEX_WAKE) return false;
      result = call.made();
      return true;
    case SYS_getpid:
    case SYS_getppid:
    case SYS_gettid:
    case SYS_getuid:
    case SYS_geteuid:
    case SYS_getgid:
    case SYS_getegid:
    case SYS_sched_yield:
      result = call.made();
      return true;
    case SYS_mmap:
      return map(call, result);
    case SYS_munmap:
      return unmap(call, result);
    case SYS_mprotect:
    case SYS_madvise:
      return change_mapping(call, result);
    case SYS_brk:
      return move_heap_end(call, result);
    default:
      return false;
  }
}

void on_call(int, siginfo_t* info, void* context) {
  auto* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto from = reinterpret_cast<uintptr_t>(info->si_call_addr);
  const auto at = [registers](int which) { return static_cast<uintptr_t>(registers[which]); };
  const Call call = {info->si_syscall, at(REG_RDI), at(REG_RSI), at(REG_RDX),
                     at(REG_R10),      at(REG_R8),  at(REG_R9)};
  long result = 0;
  if (runs && from - calls_of_search.begin < calls_of_search.end - calls_of_search.begin) {
    result = call.made();
  } else if (!runs) {
    while (true) raw_syscall(SYS_exit_group, 0);
  } else if (!make(call, result)) {
    open_image();
    selector = 0;
    registers[REG_RIP] -= 2;  // the instruction, once more
    return;
  }
  registers[REG_RAX] = result;
}

void on_fault(int signal, siginfo_t* info, void* context) {
  constexpr long kWrite = 2;  // of a page fault's error code
  const auto* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (info->si_code == SEGV_ACCERR && (registers[REG_ERR] & kWrite) != 0 &&
      may_write_now(reinterpret_cast<uintptr_t>(info->si_addr))) {
    return;
  }
  fault_before(signal, info, context);
}

}  // namespace

bool begin_kernel_calls(const Range& search) {
  calls_of_search = search;
  // As begin_watch() handles them.
  constexpr int kHandled[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGURG};
  for (const int signal : kHandled) set_action(signal, action_of(signal));
  Action action = action_of(SIGSEGV);
  fault_before = action.handler;
  action.handler = on_fault;
  set_action(SIGSEGV, action);
  action.handler = on_call;
  set_action(SIGSYS, action);
  const auto begin = reinterpret_cast<uintptr_t>(__start_weft_raw);
  const auto end = reinterpret_cast<uintptr_t>(__stop_weft_raw);
  if (raw_syscall(SYS_prctl, kSetDispatch, kDispatchOn, long(begin), long(end - begin),
                  long(&selector)) != 0) {
    return false;
  }
  selector = 1;
  return true;
}

void begin_calls() { runs = true; }

void end_calls() { runs = false; }

void undo_calls() {
  while (mapping_count > 0) {
    const Range& mapped = mappings[--mapping_count];
    raw_syscall(SYS_munmap, long(mapped.begin), long(mapped.end - mapped.begin));
  }
  if (heap_grew) raw_syscall(SYS_brk, long(heap_end));
  heap_grew = false;
  if (has_read_input) raw_syscall(SYS_lseek, 0, 0, SEEK_SET);
  has_read_input = false;
}

}  // namespace weft::program
