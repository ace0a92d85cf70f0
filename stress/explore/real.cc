#include "stress/explore/real.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

namespace weft::explore {
namespace {

struct Known {
  const char* name;
  void* function;
};
constexpr unsigned kSlots = 1024;  // a power of two, four times what there is
Known known[kSlots];

bool same(const char* a, const char* b) {
  for (; *a == *b; ++a, ++b) {
    if (*a == '\0') return true;
  }
  return false;
}

// Where the name is, or would be.
Known& slot_of(const char* name) {
  uint32_t hash = 2'166'136'261;  // FNV-1a
  for (const char* at = name; *at != '\0'; ++at) {
    hash = (hash ^ static_cast<unsigned char>(*at)) * 16'777'619;
  }
  unsigned slot = hash & (kSlots - 1);
  while (known[slot].name != nullptr && !same(known[slot].name, name)) {
    slot = (slot + 1) & (kSlots - 1);
  }
  return known[slot];
}

}  // namespace

void* find_real(const char* name) {
  const Known& found = slot_of(name);
  return found.name != nullptr ? found.function : dlsym(RTLD_NEXT, name);
}

void know_real(const char* name) {
  Known& slot = slot_of(name);
  if (slot.name != nullptr) return;
  if (void* const function = dlsym(RTLD_NEXT, name)) slot = {name, function};
}

}  // namespace weft::explore
