#include "scenarios/specimens/message/message.h"

#include "stress/specimens/specimen_test.h"

namespace weft {

std::span<const scenarios::Specimen* const> specimens_under_test() {
  return scenarios::specimens::message::kAll;
}

}  // namespace weft
