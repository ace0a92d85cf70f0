// The memory and string functions of libc: GCC and clang 14 emit plain calls of them where later
// compilers emit __tsan_memcpy and its like. libc's own, fast versions do the work. (Nothing is
// counted here: libstdc++.so calls them as well, and Counters::accesses tells what is
// instrumented.)
#include <string.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

inline void remember_copy(const void* to, size_t size) {
  if (size >= 8 && controlled() && outlives_execution(address_of(to))) {
    size <= 32 ? remember_store(address_of(to)) : remembered.add_unknown();
  }
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

#define WEFT_MEMORY(result, name, parameters, arguments) \
  result name parameters {                               \
    static Real<result parameters> real{#name};          \
    return real arguments;                               \
  }

extern "C" {
void* memcpy(void* to, const void* from, size_t size) {
  static Real<void*(void*, const void*, size_t)> real{"memcpy"};
  remember_copy(to, size);
  return real(to, from, size);
}
void* memmove(void* to, const void* from, size_t size) {
  static Real<void*(void*, const void*, size_t)> real{"memmove"};
  remember_copy(to, size);
  return real(to, from, size);
}
WEFT_MEMORY(void*, memset, (void* to, int value, size_t size), (to, value, size))
WEFT_MEMORY(int, memcmp, (const void* a, const void* b, size_t size), (a, b, size))
WEFT_MEMORY(size_t, strlen, (const char* text), (text))
WEFT_MEMORY(int, strcmp, (const char* a, const char* b), (a, b))
WEFT_MEMORY(int, strncmp, (const char* a, const char* b, size_t size), (a, b, size))
WEFT_MEMORY(char*, strcpy, (char* to, const char* from), (to, from))
WEFT_MEMORY(char*, strncpy, (char* to, const char* from, size_t size), (to, from, size))
}

// Overloaded for const in <string.h>, hence under other names here.
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) __asm__("memchr");
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) {
  static Real<void*(const void*, int, size_t)> real{"memchr"};
  return real(text, wanted, size);
}
extern "C" char* weft_strchr(const char* text, int wanted) __asm__("strchr");
extern "C" char* weft_strchr(const char* text, int wanted) {
  static Real<char*(const char*, int)> real{"strchr"};
  return real(text, wanted);
}
