// stress/weft.h in C++: an assumption that never holds leaves nothing to be found.
#include <atomic>
#include <cstdlib>
#include <thread>

#include "stress/weft.h"

int main(int argc, char**) {
  std::atomic<int> count{0};
  std::thread other([&] { ++count; });
  weft_atomic_begin();
  ++count;
  ++count;
  weft_atomic_end();
  weft_event("both at it");
  other.join();
  weft_assume(argc > 5);
  // Without Weft an assumption does nothing.
  std::exit(count == 3 ? 42 : 1);
}
