#include "scenarios/specimens/process/process.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::process::kAll;
}

}  // namespace weft
