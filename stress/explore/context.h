// Contexts: where a thread under test stopped, and how another one goes on. The seam below which
// the machine begins.
//
// Two back ends behind one interface:
//   fibers          every thread under test runs on the one kernel thread that explores, on a stack
//                   of its own and on thread-local storage lent by a *donor*: a kernel thread that
//                   glibc made, that told us its thread pointer, and ended without glibc's
//                   knowing. A switch swaps callee-saved registers, the stack pointer, the floating
//                   point control words and the thread pointer.
//   kernel threads  every thread under test is a kernel thread; a switch wakes one and sleeps. The
//                   plain twin: slower by a factor of 30 and more, with no trick in it. Fibers are
//                   tested against it, and it serves where a program may not set its thread
//                   pointer.
//
// Thread safety: one exploration in a process. All calls come from the context that runs.
// Invariants:     (I1) exactly one context runs; with kernel threads all others sleep in their
//                      own `turn`.
//                 (I2) the root context is the thread that called context_home(): its thread-local
//                      storage is the caller's own, its stack is not, so that the addresses of its
//                      variables are the same in every process.
#pragma once

#include <pthread.h>
#include <stdint.h>

namespace weft::explore {

enum class Backend : uint8_t { kFibers, kKernelThreads };

struct Context {
  void* sp = nullptr;   // of a stopped fiber; its registers lie there
  uintptr_t tcb = 0;    // the thread pointer, which is what pthread_self() returns
  uintptr_t stack = 0;  // lowest address, the guard page's
  uintptr_t stack_bytes = 0;
  uintptr_t donor_stack = 0;  // where the donor's is to be
  uintptr_t donor_tcb = 0;    // the donor's thread pointer, once it has come
  void (*entry)() = nullptr;
  // Kernel threads only.
  uint32_t turn = 0;
  bool alive = false;
  pthread_t thread = 0;
  int tid = 0;                 // as the kernel numbers it, once it runs
  uintptr_t signal_stack = 0;  // of its handlers: it may have filled its own
  void* exit_sp = nullptr;     // where the thread's first frame is
};

// Whether this processor and this kernel let a program set its thread pointer.
bool fibers_available();

// The back end for the contexts armed from now on; none may be armed.
void context_use(Backend backend);
Backend context_backend();

// Calls function() on the stack that `root` was prepared with. context_abandon() comes back here
// from wherever it is called, and forgets everything in between. `root` is the context of this
// thread from now on.
void context_home(Context& root, void (*function)());
// Noreturn: back to context_home(), which returns. Armed contexts are never resumed.
[[noreturn]] void context_abandon();
// After context_home() has returned: waits until the kernel threads of these contexts are gone.
void context_settle(Context* const* contexts, unsigned count);

// Gives a context that never ran its stack, and the place for its donor's.
void context_prepare(Context& context, uintptr_t stack, uintptr_t stack_bytes,
                     uintptr_t donor_stack);
inline constexpr uintptr_t kDonorStack = 256 << 10;
// The context will begin with entry(), which never returns but by context_leave(). It inherits the
// floating point environment, as a new thread does.
void context_arm(Context& context, void (*entry)());
void context_switch(Context& from, Context& to);
// Sends a signal to the running context, from a handler on the root's: only a thread itself can
// leave what it is doing. Does nothing for a fiber.
void context_signal(const Context& running, int signal);
// The running context `from` has ended; `to` goes on.
[[noreturn]] void context_leave(Context& from, Context& to);

// The thread pointer's own copy of itself, by which a thread is known.
static inline uintptr_t thread_pointer() {
  uintptr_t pointer;
  asm("mov %%fs:0x10, %0" : "=r"(pointer));
  return pointer;
}

}  // namespace weft::explore
