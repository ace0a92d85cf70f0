#include "scenarios/specimens/lost_update/lost_update.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::lost_update::kAll;
}

}  // namespace weft
