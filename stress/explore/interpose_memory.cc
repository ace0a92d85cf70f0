// The memory and string functions of libc: GCC and clang 14 emit plain calls of them where later
// compilers emit __tsan_memcpy and its like, and libstdc++.so calls them for strings. libc's own,
// fast versions do the work; what they read and write is looked at for data races. (Nothing is
// counted here: Counters::accesses tells what is instrumented.)
#include <string.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

// Whether the caller's accesses are looked at for races.
inline bool is_looked_at() { return controlled() && rt.races; }

void reads(const void* at, size_t size, uintptr_t pc) {
  check_library_access(at, size, AccessKind::kRead, pc);
}
void writes(void* at, size_t size, uintptr_t pc) {
  check_library_access(at, size, AccessKind::kWrite, pc);
}

// How many bytes of a text are read to find its end, or `most`.
size_t read_of(const char* text, size_t most) {
  size_t size = 0;
  while (size < most && text[size] != '\0') ++size;
  return size < most ? size + 1 : most;
}

// How many bytes are read of each of two texts, to find the first difference or the end.
size_t read_of_both(const char* a, const char* b, size_t most) {
  size_t size = 0;
  while (size < most && a[size] == b[size] && a[size] != '\0') ++size;
  return size < most ? size + 1 : most;
}

inline void remember_copy(const void* to, size_t size) {
  if (size >= 8 && outlives_execution(address_of(to))) {
    size <= 32 ? remember_store(address_of(to)) : remembered.add_unknown();
  }
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

#define WEFT_MEMORY(result, name, parameters, arguments, accesses) \
  result name parameters {                                         \
    static Real<result parameters> real{#name};                    \
    if (is_looked_at()) {                                          \
      const uintptr_t pc = WEFT_EXPLORE_PC();                      \
      accesses                                                     \
    }                                                              \
    return real arguments;                                         \
  }

#define WEFT_COPY(name)                                         \
  void* name(void* to, const void* from, size_t size) {         \
    static Real<void*(void*, const void*, size_t)> real{#name}; \
    if (controlled()) {                                         \
      remember_copy(to, size);                                  \
      if (rt.races) {                                           \
        reads(from, size, WEFT_EXPLORE_PC());                   \
        writes(to, size, WEFT_EXPLORE_PC());                    \
      }                                                         \
    }                                                           \
    return real(to, from, size);                                \
  }

extern "C" {
WEFT_COPY(memcpy)
WEFT_COPY(memmove)
WEFT_MEMORY(void*, memset, (void* to, int value, size_t size), (to, value, size),
            writes(to, size, pc);)
WEFT_MEMORY(int, memcmp, (const void* a, const void* b, size_t size), (a, b, size),
            reads(a, size, pc);
            reads(b, size, pc);)
WEFT_MEMORY(size_t, strlen, (const char* text), (text), reads(text, read_of(text, SIZE_MAX), pc);)
WEFT_MEMORY(int, strcmp, (const char* a, const char* b), (a, b),
            const size_t read = read_of_both(a, b, SIZE_MAX);
            reads(a, read, pc); reads(b, read, pc);)
WEFT_MEMORY(int, strncmp, (const char* a, const char* b, size_t size), (a, b, size),
            const size_t read = read_of_both(a, b, size);
            reads(a, read, pc); reads(b, read, pc);)
WEFT_MEMORY(char*, strcpy, (char* to, const char* from), (to, from),
            const size_t read = read_of(from, SIZE_MAX);
            reads(from, read, pc); writes(to, read, pc);)
WEFT_MEMORY(char*, strncpy, (char* to, const char* from, size_t size), (to, from, size),
            reads(from, read_of(from, size), pc);
            writes(to, size, pc);)
}

// Overloaded for const in <string.h>, hence under other names here.
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) __asm__("memchr");
extern "C" void* weft_memchr(const void* text, int wanted, size_t size) {
  static Real<void*(const void*, int, size_t)> real{"memchr"};
  void* found = real(text, wanted, size);
  if (is_looked_at()) {
    const size_t read = found == nullptr ? size : address_of(found) - address_of(text) + 1;
    reads(text, read, WEFT_EXPLORE_PC());
  }
  return found;
}
extern "C" char* weft_strchr(const char* text, int wanted) __asm__("strchr");
extern "C" char* weft_strchr(const char* text, int wanted) {
  static Real<char*(const char*, int)> real{"strchr"};
  char* found = real(text, wanted);
  if (is_looked_at()) {
    const size_t read =
        found == nullptr ? read_of(text, SIZE_MAX) : address_of(found) - address_of(text) + 1;
    reads(text, read, WEFT_EXPLORE_PC());
  }
  return found;
}
