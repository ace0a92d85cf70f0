#include "scenarios/specimens/ipc/ipc.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::ipc::kAll;
}

}  // namespace weft
