#include "scenarios/specimens/process_pool/process_pool.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::process_pool::kAll;
}

}  // namespace weft
