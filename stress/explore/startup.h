// Before anything is explored: does the interposition hold? And while it is: faults, and code
// without any scheduling point.
//
// Thread safety: as explore.h.
#pragma once

#include <stdint.h>

namespace weft::explore {

// Null, or why nothing can be explored: a static program, or a function that libstdc++ would call
// past the runtime.
const char* check_interposition();

// Where this program was loaded: addresses of its variables are told relative to it.
uintptr_t load_address();
// Whether an address is of this program, not of a library's.
bool is_in_program(uintptr_t address);

// The same number in every process of the program, be it of the program, of a library (then not the
// only such address), or where the explorer puts stacks and heap.
uintptr_t load_independent(uintptr_t address);

// All that a module has in memory: code and variables.
struct Module {
  uintptr_t begin = 0;
  uintptr_t end = 0;
  bool has(uintptr_t address) const { return address - begin < end - begin; }
};
extern Module libstdcxx __attribute__((visibility("hidden")));
extern Module libgcc __attribute__((visibility("hidden")));

// Whether a return address lies in libc itself.
bool is_in_libc(uintptr_t caller);
// Whether an address lies in libstdc++ or libgcc_s. (Asked at each lock of a mutex.)
inline bool is_in_runtime_library(uintptr_t address) {
  return libstdcxx.has(address) || libgcc.has(address);
}
// Or in libstdc++, be it a library of its own or linked in.
bool is_in_libstdcxx(uintptr_t caller);

}  // namespace weft::explore
