#include "scenarios/specimens/misuse/misuse.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::misuse::kAll;
}

}  // namespace weft
