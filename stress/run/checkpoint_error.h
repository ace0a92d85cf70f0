// Thread safety: values.
#pragma once

#include <stdexcept>

namespace weft::internal {

// A file that is no checkpoint of this search; what() says why, and what to do.
class CheckpointError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace weft::internal
