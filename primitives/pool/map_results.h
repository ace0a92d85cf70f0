// MapResults: the results of an executor's map(), one by one.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/pool/future.h"
#include "primitives/pool/next_range.h"

namespace weft {

// The results of an executor's map(), in the order of the input, as an input range. A call
// that failed throws when its result is reached; that, and a time-out, ends the range and cancels
// what has not begun, as destroying it does.
// Thread safety: one thread.
template <class T>
class MapResults : public NextRange<MapResults<T>, typename Future<T>::Value> {
 public:
  using Value = typename Future<T>::Value;

  MapResults(std::vector<Future<T>> futures, Deadline deadline)
      : futures_(std::move(futures)), deadline_(deadline) {}
  MapResults(MapResults&& other) noexcept
      : futures_(std::exchange(other.futures_, {})),
        given_(std::exchange(other.given_, 0)),
        deadline_(other.deadline_) {}
  MapResults& operator=(MapResults&&) = delete;
  ~MapResults() { cancel_rest(); }

  // Empty at the end.
  std::optional<Value> next() {
    if (given_ == futures_.size()) return std::nullopt;
    Future<T> future = futures_[given_];
    try {
      if (!future.state()->wait(deadline_)) {
        throw TimeoutError("map: there was no result in time");
      }
      Value value = future.take();
      ++given_;
      return value;
    } catch (...) {
      cancel_rest();
      throw;
    }
  }

 private:
  void cancel_rest() {
    for (; given_ < futures_.size(); ++given_) (void)futures_[given_].cancel();
  }

  std::vector<Future<T>> futures_;
  std::size_t given_ = 0;
  Deadline deadline_;
};

namespace internal {

// Submits a call for each element by `submit`, which returns its future. If one is refused, those
// before it are cancelled.
template <class T, class Range, class Submit>
MapResults<T> map_each(Range&& inputs, const Deadline& deadline, Submit submit) {
  std::vector<Future<T>> futures;
  try {
    for (auto&& input : inputs) {
      futures.push_back(submit(std::forward<decltype(input)>(input)));
    }
  } catch (...) {
    for (Future<T>& future : futures) (void)future.cancel();
    throw;
  }
  return MapResults<T>(std::move(futures), deadline);
}

}  // namespace internal
}  // namespace weft
