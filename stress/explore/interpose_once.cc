// Once: pthread_once (std::call_once), and the guards of function-local statics.
//
// A static that an execution initialises stays initialised, as the language says, so only the first
// execution of a process can meet its initialisation; likewise a once_flag of static storage. Lest
// that execution differ from its replay, the initialisation is one step of no trace, unless it
// blocks; and what it allocates comes from the process's own heap.
#include <linux/futex.h>
#include <pthread.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

constexpr int kOnceDone = 2;  // as glibc has it, so that both see what the other has done

// Runs the function; an exception that leaves it gives the next caller a try.
class Running {
 public:
  Running(Object& once, volatile int* control) : once_(once), control_(control) {
    once.owner = rt.current;
    for (Thread* t = once.waiting.first; t != nullptr; t = t->next) disable(*t);
  }
  ~Running() {
    once_.owner = nullptr;
    if (done_) *control_ = kOnceDone;
    release(address_of(control_));
    for (Thread* t = once_.waiting.first; t != nullptr; t = t->next) enable(*t);
  }
  void done() { done_ = true; }

 private:
  Object& once_;
  volatile int* control_;
  bool done_ = false;
};

// What outlives the execution is initialised as a static is.
class Initialising {
 public:
  explicit Initialising(Object& once) : once_(once) {
    once.owner = rt.current;
    ++rt.current->refused;
    ++rt.current->static_depth;
  }
  ~Initialising() {
    once_.owner = nullptr;
    --rt.current->refused;
    --rt.current->static_depth;
    for (Thread* t = once_.waiting.first; t != nullptr; t = t->next) enable(*t);
  }
  Initialising(const Initialising&) = delete;
  Initialising& operator=(const Initialising&) = delete;

 private:
  Object& once_;
};

// The guard of a static: byte 0 says that it is initialised (Itanium C++ ABI, 3.3.3), the rest is
// ours. Outside an execution byte 1 says that a thread is at it.
constexpr uint32_t kInitialised = 1;
constexpr uint32_t kAtIt = 0x100;

uint32_t* word_of(uint64_t* guard) { return reinterpret_cast<uint32_t*>(guard); }

int acquire_outside(uint32_t* word) {
  while (true) {
    uint32_t seen = 0;
    // acquire: pairs with the release in finish(): the static is seen as it was initialised.
    if (__atomic_compare_exchange_n(word, &seen, kAtIt, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      return 1;
    }
    if ((seen & kInitialised) != 0) return 0;
    raw_futex_wait(word, seen);
  }
}

void finish(uint32_t* word, uint32_t state) {
  // release: pairs with the acquire in acquire_outside(), and with the one that compilers put in
  // front of the call.
  __atomic_store_n(word, state, __ATOMIC_RELEASE);
  raw_futex_wake(word, INT32_MAX);
}

void leave_static(uint64_t* guard) {
  release(address_of(guard));
  // Compilers look at the guard's first byte by themselves, and the others' look acquires.
  if (rt.races) check_atomic(Op::kExchange, address_of(guard), 1, __ATOMIC_ACQ_REL, 0);
  Object& once = object(address_of(guard), Kind::kOnce);
  once.owner = nullptr;
  --rt.current->refused;
  --rt.current->static_depth;
  for (Thread* t = once.waiting.first; t != nullptr; t = t->next) enable(*t);
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int pthread_once(pthread_once_t* address, void (*function)()) {
  static Real<int(pthread_once_t*, void (*)())> real{"pthread_once"};
  if (!controlled()) return real(address, function);
  volatile int* control = address;
  if ((*control & 3) == kOnceDone) {
    acquire(address_of(address));
    return 0;
  }
  const Operation operation_ = operation(Op::kOnce, address, WEFT_EXPLORE_PC());
  Object& once = object(address_of(address), Kind::kOnce);
  if (once.owner == rt.current) {
    rt.current->pending = operation_;
    end_execution(Finding::kDeadlock, "a call_once calls itself");
  }
  if (outlives_execution(address_of(address)) && once.owner == nullptr) {
    Initialising initialising(once);
    function();
    *control = kOnceDone;
    release(address_of(address));
    return 0;
  }
  block(once.waiting, operation_, once.owner == nullptr);
  acquire(address_of(address));
  if ((*control & 3) == kOnceDone) {
    note(operation_, 0, false);
    return 0;
  }
  note(operation_, 1, true);
  Running running(once, control);
  function();
  running.done();
  return 0;
}

int __cxa_guard_acquire(uint64_t* guard) {
  uint32_t* word = word_of(guard);
  // acquire: pairs with the release in finish().
  if ((__atomic_load_n(word, __ATOMIC_ACQUIRE) & kInitialised) != 0) {
    if (controlled()) acquire(address_of(guard));
    return 0;
  }
  if (!controlled()) return acquire_outside(word);
  Object& once = object(address_of(guard), Kind::kOnce);
  const Operation operation_ = operation(Op::kOnce, guard, WEFT_EXPLORE_PC());
  if (once.owner == rt.current) {
    rt.current->pending = operation_;
    end_execution(Finding::kDeadlock, "the initialisation of a function's static needs itself");
  }
  if (once.owner != nullptr) {
    block(once.waiting, operation_, false);
    acquire(address_of(guard));
    if ((__atomic_load_n(word, __ATOMIC_RELAXED) & kInitialised) != 0) return 0;  // relaxed: turn
  }
  once.owner = rt.current;
  ++rt.current->refused;
  ++rt.current->static_depth;
  return 1;
}

void __cxa_guard_release(uint64_t* guard) {
  finish(word_of(guard), kInitialised);
  if (controlled()) leave_static(guard);
}

void __cxa_guard_abort(uint64_t* guard) {
  finish(word_of(guard), 0);
  if (controlled()) leave_static(guard);
}
}
