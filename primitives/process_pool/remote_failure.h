// RemoteFailure: an exception on its way between processes.
//
// Its type and text are sent, nothing else of it. These are thrown again as what they were: the
// standard library's of <stdexcept>, std::bad_alloc, and Weft's own of primitives/base/errors.h and
// pool_errors.h. All others arrive as RemoteError.
//
// Thread safety: any thread.
#pragma once

#include <exception>
#include <string>

namespace weft::internal {

struct RemoteFailure {
  std::string type;
  std::string what;
};

// Of the exception that is being handled.
RemoteFailure describe_current_exception();
std::exception_ptr to_exception(const RemoteFailure& failure);

}  // namespace weft::internal
