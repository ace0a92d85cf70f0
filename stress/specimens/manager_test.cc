#include "scenarios/specimens/manager/manager.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::manager::kAll;
}

}  // namespace weft
