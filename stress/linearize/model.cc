#include "stress/linearize/model.h"

#include "primitives/base/errors.h"

namespace weft::linearize {

void refuse_arguments(const std::string& operation, std::size_t given, std::size_t least,
                      std::size_t most) {
  throw ValueError("operation '" + operation + "' takes " + std::to_string(least) +
                   (most == least ? "" : " to " + std::to_string(most)) + " arguments, and has " +
                   std::to_string(given));
}

}  // namespace weft::linearize
