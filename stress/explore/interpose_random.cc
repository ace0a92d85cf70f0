// Randomness from outside, which no schedule could repeat: under test it comes from the execution's
// seed.
#include <sys/random.h>
#include <unistd.h>

#include "stress/explore/interpose.h"

namespace weft::explore {
namespace {

void fill_with_random(void* buffer, size_t bytes) {
  rt.drew_random = true;
  auto* at = static_cast<unsigned char*>(buffer);
  for (size_t i = 0; i < bytes; ++i) at[i] = static_cast<unsigned char>(rt.dice.roll() >> 56);
}

}  // namespace
}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

ssize_t getrandom(void* buffer, size_t bytes, unsigned flags) {
  static Real<ssize_t(void*, size_t, unsigned)> real{"getrandom"};
  if (!controlled()) return real(buffer, bytes, flags);
  fill_with_random(buffer, bytes);
  return static_cast<ssize_t>(bytes);
}

int getentropy(void* buffer, size_t bytes) {
  static Real<int(void*, size_t)> real{"getentropy"};
  if (!controlled()) return real(buffer, bytes);
  fill_with_random(buffer, bytes);
  return 0;
}

// std::random_device::_M_getval(), which asks the processor. Weak: there may be no libstdc++.
__attribute__((weak)) unsigned weft_random_device(void* device) __asm__(
    "_ZNSt13random_device9_M_getvalEv");
__attribute__((weak)) unsigned weft_random_device(void* device) {
  static Real<unsigned(void*)> real{"_ZNSt13random_device9_M_getvalEv"};
  if (!controlled()) return real(device);
  rt.drew_random = true;
  return static_cast<unsigned>(rt.dice.roll() >> 32);
}
}
