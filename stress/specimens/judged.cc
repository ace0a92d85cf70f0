#include "stress/specimens/judged.h"

#include <stdexcept>

namespace weft {

Body judged(std::string (*body)()) {
  return [body](Run& run) {
    const std::string broke = body();
    run.require(broke.empty(), broke);
  };
}

std::optional<Kind> kind_named(std::string_view name) {
  // Kinds are numbered from 0 on, and what is behind the last of them is the first without a name.
  for (int number = 0;; ++number) {
    const auto kind = static_cast<Kind>(number);
    if (to_string(kind) == "unknown") return std::nullopt;
    if (to_string(kind) == name) return kind;
  }
}

Kind kind_of(std::string_view name) {
  if (const auto kind = kind_named(name)) return *kind;
  throw std::invalid_argument("there is no kind \"" + std::string(name) + "\"");
}

}  // namespace weft
