#include "scenarios/specimens/lost_wakeup/lost_wakeup.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::lost_wakeup::kAll;
}

}  // namespace weft
