// A child process whose function says by an exception that something is wrong.
//
// Thread safety: by the test's thread.
#pragma once

#include <stdexcept>

#include "stress/ipc/child.h"

namespace weft::testing_message {

using testing_ipc::seconds_of;

// Ends the child with an error that its Child's join() sees.
inline void demand(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class Child : public testing_ipc::Child {
 public:
  template <class F>
  explicit Child(F function)
      : testing_ipc::Child([&] {
          function();
          return 0;
        }) {}
  // 0 if it ended well, -N if signal N ended it.
  int join() { return wait(); }
};

}  // namespace weft::testing_message
