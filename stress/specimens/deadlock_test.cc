#include "scenarios/specimens/deadlock/deadlock.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::deadlock::kAll;
}

}  // namespace weft
