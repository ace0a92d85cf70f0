// Shows ThreadSanitizer how exception objects are counted.
//
// Each holder of an exception object, a std::exception_ptr or a handler, has a count of it, and who
// drops the last destroys the object. That orders what the others did with the object before its
// destruction; but the counting is code of libstdc++.so, which is not instrumented, so that a read
// of what() by one thread looks like a race with the destruction by another. Here two functions of
// that library are defined in its stead, such that counts are dropped by instrumented code.
//
// Thread safety: any thread. Other builds have nothing of this.
// Invariants:     (I1) holders are ordered before the destruction, and before nothing else: a race
//                      between two holders of one exception stays one.
//                 (I2) a thread that handles no exception pays nothing and is not ordered.
// Non-invariants: that all libraries are covered. A libstdc++ that counts elsewhere is left alone,
//                 and so are the counts in the strings of its own exceptions: copies of such an
//                 exception share their text, and if two threads drop them the report is back.
//                 That a destructor of an exception may throw: it ends the program here.
#include "stress/run/build_mode.h"

#if defined(WEFT_THREAD_SANITIZER)

#include <exception>

#if defined(__GLIBCXX__)

#include <cxxabi.h>
#include <dlfcn.h>
#include <unwind.h>

#include <atomic>

namespace weft::internal {
namespace {

// What libstdc++ keeps before each exception object, part of its ABI: programs and libraries that
// were linked with different versions of it pass exceptions to each other. Only `count` is used.
struct Header {
  int count;
  struct {
    void* type;
    void* destructor;
    void* handlers[2];
    void* next;
    int handler_count;
    int switch_value;
    void* places[4];
    _Unwind_Exception unwinding;
  } exception;
};

std::atomic_ref<int> count_of(void* object) {
  return std::atomic_ref<int>((static_cast<Header*>(object) - 1)->count);
}

// Whether the count is where Header has it. False until the program's start has looked.
constinit std::atomic<bool> counts_are_known{false};

bool find_counts() {
  // An exception_ptr is one pointer, to the object.
  const auto count = [](const std::exception_ptr& holder) {
    // relaxed: nobody else has this exception.
    return count_of(*reinterpret_cast<void* const*>(&holder)).load(std::memory_order_relaxed);
  };
  const std::exception_ptr one = std::make_exception_ptr(0);
  if (count(one) != 1) return false;
  const std::exception_ptr two = one;
  return count(one) == 2;
}

// relaxed, here and where it is read: it guards no other data.
[[maybe_unused]] const bool looked = [] {
  counts_are_known.store(find_counts(), std::memory_order_relaxed);
  return true;
}();

// Drops a count unless it is the last, which is left to the caller.
bool dropped_one_of_several(void* object) {
  const std::atomic_ref<int> count = count_of(object);
  // relaxed: whether others are left is all that is asked. A last count stays the last, because
  // only a holder can make another.
  int seen = count.load(std::memory_order_relaxed);
  while (seen > 1) {
    // release: pairs with the acquire below, by whoever destroys the object. No acquire: to those
    // who do not destroy it the count promises nothing (I1). If it fails, relaxed as above.
    if (count.compare_exchange_weak(seen, seen - 1, std::memory_order_release,
                                    std::memory_order_relaxed)) {
      return true;
    }
  }
  // acquire: pairs with the release above of every other holder that there was.
  (void)count.load(std::memory_order_acquire);
  return false;
}

// The definition behind ours. A static of the function would be initialized under a guard, which
// orders the first thread before all others.
template <class Function>
Function* behind(std::atomic<Function*>& known, const char* name) {
  // relaxed: whoever asks finds the same function.
  Function* function = known.load(std::memory_order_relaxed);
  if (function == nullptr) {
    function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
    known.store(function, std::memory_order_relaxed);
  }
  return function;
}

constinit std::atomic<void (*)(std::exception_ptr*)> next_release{nullptr};
constinit std::atomic<void (*)()> next_end_catch{nullptr};

}  // namespace
}  // namespace weft::internal

// Both are weak, so that they give way in a program that has libstdc++ linked into it.

// The member behind the destructor and the assignments of an exception_ptr that is not null.
__attribute__((weak)) void std::exception_ptr::_M_release() noexcept {
  using namespace weft::internal;
  // relaxed: see where it is set.
  if (counts_are_known.load(std::memory_order_relaxed) && _M_exception_object != nullptr &&
      dropped_one_of_several(_M_exception_object)) {
    return;
  }
  behind(next_release, "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv")(this);
}

// The end of a handler, or of one of several nested handlers of the same exception.
extern "C" __attribute__((weak)) void __cxxabiv1::__cxa_end_catch() {
  using namespace weft::internal;
  // The library's function drops the handler's count out of sight, but with this holder it is never
  // the last; the holder's own count is dropped above. Null for what is no C++ exception, as when a
  // thread is cancelled.
  const std::exception_ptr holder = std::current_exception();
  behind(next_end_catch, "__cxa_end_catch")();
}

#endif
#endif
