#include "scenarios/specimens/starvation/starvation.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::starvation::kAll;
}

}  // namespace weft
