#include "stress/explore/context.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/auxv.h>

#include "stress/explore/raw.h"
#include "stress/explore/real.h"
#include "stress/explore/thread_storage.h"

extern "C" {
void weft_context_switch(weft::explore::Context* from, weft::explore::Context* to);
void weft_context_call(void** sp, void (*function)());
void weft_context_call_on(void** sp, void (*function)(), uintptr_t stack);
[[noreturn]] void weft_context_jump(void* sp);
void weft_set_thread_pointer(uintptr_t pointer);
void weft_context_begin();
}

namespace weft::explore {
namespace {

static_assert(__builtin_offsetof(Context, sp) == 0 && __builtin_offsetof(Context, tcb) == 8,
              "context_x86_64.S knows where they are");

Backend backend = Backend::kFibers;
Context* root = nullptr;
void* home_sp = nullptr;
bool abandoning = false;

Real<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> real_create{"pthread_create"};
Real<int(pthread_t, void**)> real_join{"pthread_join"};

void create_kernel_thread(pthread_t& thread, uintptr_t stack, uintptr_t bytes,
                          void* (*function)(void*), void* argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  // On a stack that we gave it glibc never hands the thread's block on to another one.
  pthread_attr_setstack(&attributes, reinterpret_cast<void*>(stack), bytes);
  if (real_create(&thread, &attributes, function, argument) != 0) {
    raw_die("no kernel thread can be made for a thread under test: raise `ulimit -u`");
  }
  pthread_attr_destroy(&attributes);
}

// Tells its thread pointer and is gone, for the kernel; its thread-local storage stays.
void* donate(void* argument) {
  auto& context = *static_cast<Context*>(argument);
  const uintptr_t own = thread_pointer();
  raw_syscall(SYS_set_tid_address, 0);
  // release: pairs with the acquire in take_donor(), which then uses what glibc set up.
  __atomic_store_n(&context.donor_tcb, own, __ATOMIC_RELEASE);
  while (true) raw_syscall(SYS_exit, 0);
}

void take_donor(Context& context) {
  if (map_memory(context.donor_stack, kDonorStack) != context.donor_stack) {
    raw_die("no memory for another thread under test");
  }
  create_kernel_thread(context.thread, context.donor_stack, kDonorStack, donate, &context);
  // acquire: pairs with the release in donate().
  while (__atomic_load_n(&context.donor_tcb, __ATOMIC_ACQUIRE) == 0) raw_syscall(SYS_sched_yield);
}

void wait_for_turn(Context& context) {
  // acquire: pairs with the release in give_turn(): what the other context did is seen.
  while (__atomic_load_n(&context.turn, __ATOMIC_ACQUIRE) == 0) raw_futex_wait(&context.turn, 0);
  context.turn = 0;
  if (!abandoning) return;
  weft_context_jump(&context == root ? home_sp : context.exit_sp);
}

void give_turn(Context& context) {
  // release: pairs with the acquire in wait_for_turn().
  __atomic_store_n(&context.turn, 1, __ATOMIC_RELEASE);
  raw_futex_wake(&context.turn, 1);
}

// The first frame of a kernel thread; it comes back here to end.
thread_local Context* own_context = nullptr;

void run_kernel_thread() {
  wait_for_turn(*own_context);
  own_context->entry();
}

constexpr uintptr_t kSignalStack = 64 << 10;

void* begin_kernel_thread(void* argument) {
  own_context = static_cast<Context*>(argument);
  const stack_t own = {reinterpret_cast<void*>(own_context->signal_stack), 0, kSignalStack};
  raw_syscall(SYS_sigaltstack, long(&own), 0);
  own_context->tid = static_cast<int>(raw_syscall(SYS_gettid));
  weft_context_call(&own_context->exit_sp, run_kernel_thread);
  return nullptr;
}

}  // namespace

bool fibers_available() {
  constexpr unsigned long kFsgsbase = 1 << 1;
  return (getauxval(AT_HWCAP2) & kFsgsbase) != 0;
}

void context_use(Backend wanted) { backend = wanted; }
Backend context_backend() { return backend; }

void context_home(Context& caller, void (*function)()) {
  caller.tcb = thread_pointer();
  root = &caller;
  weft_context_call_on(&home_sp, function, caller.stack + caller.stack_bytes);
}

void context_abandon() {
  if (backend == Backend::kFibers) {
    weft_set_thread_pointer(root->tcb);
    weft_context_jump(home_sp);
  }
  abandoning = true;
  if (thread_pointer() == root->tcb) weft_context_jump(home_sp);
  give_turn(*root);
  weft_context_jump(own_context->exit_sp);
}

void context_settle(Context* const* contexts, unsigned count) {
  if (backend == Backend::kFibers) return;
  for (unsigned i = 0; i < count; ++i) {
    Context& context = *contexts[i];
    if (!context.alive) continue;
    if (abandoning) give_turn(context);
    real_join(context.thread, nullptr);
    context.alive = false;
    context.turn = 0;
  }
  abandoning = false;
}

void context_prepare(Context& context, uintptr_t stack, uintptr_t stack_bytes,
                     uintptr_t donor_stack) {
  context.donor_stack = donor_stack;
  context.stack = stack;
  context.stack_bytes = stack_bytes;
}

void context_arm(Context& context, void (*entry)()) {
  constexpr uintptr_t kGuard = 4096;
  context.entry = entry;
  if (backend == Backend::kKernelThreads) {
    context.alive = true;
    context.turn = 0;
    context.tid = 0;
    if (context.signal_stack == 0) context.signal_stack = map_memory(0, kSignalStack);
    create_kernel_thread(context.thread, context.stack + kGuard, context.stack_bytes - kGuard,
                         begin_kernel_thread, &context);
    context.tcb = context.thread;  // glibc's pthread_t is the thread pointer
    return;
  }
  if (context.donor_tcb == 0) {
    take_donor(context);
  } else {
    restore_thread_storage(context.donor_tcb);
  }
  context.tcb = context.donor_tcb;
  // As context_x86_64.S reads it; rbx is what weft_context_begin calls.
  auto* top = reinterpret_cast<uint64_t*>(context.stack + context.stack_bytes);
  uint64_t* frame = top - 10;
  asm volatile("stmxcsr %0" : "=m"(*reinterpret_cast<uint32_t*>(frame)));
  asm volatile("fnstcw %0" : "=m"(*(reinterpret_cast<uint16_t*>(frame) + 2)));
  for (int i = 1; i <= 6; ++i) frame[i] = 0;
  frame[5] = reinterpret_cast<uint64_t>(entry);
  frame[7] = reinterpret_cast<uint64_t>(weft_context_begin);
  frame[8] = 0;
  context.sp = frame;
}

void context_switch(Context& from, Context& to) {
  if (backend == Backend::kFibers) [[likely]] {
    weft_context_switch(&from, &to);
    return;
  }
  give_turn(to);
  wait_for_turn(from);
}

void context_signal(const Context& running, int signal) {
  if (backend == Backend::kFibers || running.tid == 0) return;
  raw_syscall(SYS_tgkill, raw_syscall(SYS_getpid), running.tid, signal);
}

void context_leave(Context&, Context& to) {
  if (backend == Backend::kFibers) {
    // Where it stopped is of no account: it will be armed anew.
    static Context nowhere;
    weft_context_switch(&nowhere, &to);
    __builtin_unreachable();
  }
  give_turn(to);
  weft_context_jump(own_context->exit_sp);
}

}  // namespace weft::explore
