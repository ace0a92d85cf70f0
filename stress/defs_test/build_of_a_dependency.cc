#include "stress/defs_test/build_facts.h"

namespace weft {

std::string build_of_a_dependency() { return own_build(); }

}  // namespace weft
