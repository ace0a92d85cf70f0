// The memory and string functions of libc: GCC and clang 14 emit plain calls of them where later
// compilers emit __tsan_memcpy and its like. The accesses are counted; libc's own, fast versions do
// the work.
#include <string.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

inline void count_access(unsigned accesses) {
  if (controlled()) rt.accesses += accesses;
}

inline unsigned copies(const void* to, size_t size) {
  if (size >= 8 && controlled() && outlives_execution(address_of(to))) {
    size <= 32 ? remember_store(address_of(to)) : remembered.add_unknown();
  }
  return 2;
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

#define WEFT_MEMORY(result, name, parameters, arguments, accesses) \
  result name parameters {                                         \
    static Real<result parameters> real{#name};                    \
    count_access(accesses);                                        \
    return real arguments;                                         \
  }

extern "C" {
WEFT_MEMORY(void*, memcpy, (void* to, const void* from, size_t size), (to, from, size),
            copies(to, size))
WEFT_MEMORY(void*, memmove, (void* to, const void* from, size_t size), (to, from, size),
            copies(to, size))
WEFT_MEMORY(void*, memset, (void* to, int value, size_t size), (to, value, size), 1)
WEFT_MEMORY(int, memcmp, (const void* a, const void* b, size_t size), (a, b, size), 2)
WEFT_MEMORY(size_t, strlen, (const char* text), (text), 1)
WEFT_MEMORY(int, strcmp, (const char* a, const char* b), (a, b), 2)
WEFT_MEMORY(int, strncmp, (const char* a, const char* b, size_t size), (a, b, size), 2)
WEFT_MEMORY(char*, strcpy, (char* to, const char* from), (to, from), 2)
WEFT_MEMORY(char*, strncpy, (char* to, const char* from, size_t size), (to, from, size), 2)
}

// Overloaded for const in <string.h>, hence under other names here.
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) __asm__("memchr");
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) {
  static Real<void*(const void*, int, size_t)> real{"memchr"};
  count_access(1);
  return real(text, wanted, size);
}
extern "C" char* weft_strchr(const char* text, int wanted) __asm__("strchr");
extern "C" char* weft_strchr(const char* text, int wanted) {
  static Real<char*(const char*, int)> real{"strchr"};
  count_access(1);
  return real(text, wanted);
}
