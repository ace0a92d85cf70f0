// How exception objects are counted, which is code of libstdc++.so and hence not seen.
//
// Each holder of an exception object, a std::exception_ptr or a handler, has a count of it, and who
// drops the last one destroys the object. So what the others did with the object comes before its
// destruction.
//
// Thread safety: as runtime.h.
// Invariants:     (I1) holders are ordered before the destruction, and before nothing else: a race
//                      between two holders of one exception stays one.
// Non-invariants: that the last holder is known where the library's layout is another: then all
//                 who drop a count are ordered with all others.
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

// What libstdc++ keeps before each exception object, part of its ABI; the count comes first.
constexpr uintptr_t kHeaderBytes = 128;

int count_of(uintptr_t object) {
  return *reinterpret_cast<const volatile int*>(object - kHeaderBytes);
}

// A holder is about to drop its count.
void drop(uintptr_t object) {
  if (object == 0 || !rt.races) return;
  if (count_of(object) == 1) {
    acquire(object);
  } else {
    release(object);
  }
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

// std::__exception_ptr::exception_ptr::_M_release(). Weak: libstdc++ may be linked in.
__attribute__((weak)) void weft_release_exception(void** holder) __asm__(
    "_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv");
__attribute__((weak)) void weft_release_exception(void** holder) {
  static Real<void(void**)> real{"_ZNSt15__exception_ptr13exception_ptr10_M_releaseEv"};
  if (controlled()) drop(reinterpret_cast<uintptr_t>(*holder));
  real(holder);
}

// std::current_exception(), into `holder`. Null in a program without libstdc++.
__attribute__((weak)) void* weft_current_exception(void** holder) __asm__(
    "_ZSt17current_exceptionv");

// The end of a handler drops the count where nobody sees it. With one more holder it is never the
// last; that holder's own count is dropped above.
__attribute__((weak)) void weft_end_catch() __asm__("__cxa_end_catch");
__attribute__((weak)) void weft_end_catch() {
  static Real<void()> real{"__cxa_end_catch"};
  if (!controlled() || !rt.races || weft_current_exception == nullptr) return real();
  void* holder = nullptr;
  weft_current_exception(&holder);
  real();
  if (holder != nullptr) weft_release_exception(&holder);
}
}
