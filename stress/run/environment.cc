#include "stress/run/environment.h"

#include <cstdlib>

namespace weft::internal {

std::uint64_t number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

}  // namespace weft::internal
