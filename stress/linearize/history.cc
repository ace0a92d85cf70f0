#include "stress/linearize/history.h"

#include <algorithm>

#include "primitives/base/errors.h"

namespace weft::linearize {
namespace {

[[noreturn]] void refuse(Place place, const std::string& what) {
  throw ValueError("history: operation " + std::to_string(place.index) + " of thread " +
                   std::to_string(place.thread) + " " + what);
}

void check_thread(const std::vector<Operation>& operations, unsigned thread) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    const Place place{thread, i};
    if (operation.end == End::kReturned) {
      if (operation.returned == Operation::kNever) refuse(place, "returned, but at no time");
      if (operation.returned < operation.invoked) refuse(place, "returned before it was called");
    } else {
      if (operation.returned != Operation::kNever) {
        refuse(place, "did not return, but has a time at which it did");
      }
      if (i + 1 < operations.size()) refuse(place, "did not return, but its thread went on");
    }
    if (i > 0 && operation.invoked < operations[i - 1].returned) {
      refuse(place, "was called before the one before it had returned");
    }
  }
}

}  // namespace

void check_times(const History& history) {
  for (unsigned thread = 0; thread < history.threads.size(); ++thread) {
    check_thread(history.threads[thread], thread);
  }
}

void order_by_time(History& history) {
  check_times(history);
  const std::size_t threads = history.threads.size();
  history.known.assign(threads, {});
  for (unsigned thread = 0; thread < threads; ++thread) {
    const auto& operations = history.threads[thread];
    auto& known = history.known[thread];
    known.assign(operations.size(), std::vector<std::uint32_t>(threads, 0));
    for (unsigned other = 0; other < threads; ++other) {
      // A thread's times only grow.
      std::uint32_t count = 0;
      const auto& others = history.threads[other];
      for (std::size_t i = 0; i < operations.size(); ++i) {
        if (other == thread) {
          known[i][other] = static_cast<std::uint32_t>(i);
          continue;
        }
        while (count < others.size() && others[count].returned < operations[i].invoked) ++count;
        known[i][other] = count;
      }
    }
  }
}

}  // namespace weft::linearize
