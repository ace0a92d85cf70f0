#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::waits_for_nobody::kAll;
}

}  // namespace weft
