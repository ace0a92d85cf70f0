#include "benchmarks/defs_test/flags.h"

namespace weft {

Flags flags_of_a_dependency() { return own_flags(); }

}  // namespace weft
