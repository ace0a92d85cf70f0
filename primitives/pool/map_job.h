// MapJob: a function called for each element of an input, in chunks, with the results in the order
// of the input.
//
// Thread safety: as of Chunks.
// Invariants:     (I1) The function is called for every element that was not given up, also after a
//                      failure; the failure kept is that of the first element in the input's order.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/pool/chunks.h"
#include "primitives/pool/spin.h"
#include "primitives/threading/event.h"

namespace weft::internal {

// The places of results, which different threads fill. bool is not of the first kind, because the
// elements of a std::vector<bool> are not separate objects.
template <class R>
class Results {
 public:
  static constexpr bool kInPlace = std::is_trivially_copyable_v<R> &&
                                   std::is_trivially_default_constructible_v<R> &&
                                   !std::is_same_v<R, bool>;

  explicit Results(std::size_t count) : places_(count) {}
  template <class Make>
  void make(std::size_t place, Make make) {
    if constexpr (kInPlace) {
      places_[place] = make();
    } else {
      places_[place].emplace(make());
    }
  }
  std::vector<R> take() {
    if constexpr (kInPlace) {
      return std::move(places_);
    } else {
      std::vector<R> results;
      results.reserve(places_.size());
      for (std::optional<R>& place : places_) results.push_back(std::move(*place));
      return results;
    }
  }

 private:
  std::vector<std::conditional_t<kInPlace, R, std::optional<R>>> places_;
};

template <>
class Results<void> {
 public:
  explicit Results(std::size_t) {}
  template <class Make>
  void make(std::size_t, Make make) {
    make();
  }
  void take() {}
};

// Results that go to the elements of an iterator's range.
template <class Iterator>
class ResultsInto {
 public:
  explicit ResultsInto(Iterator out) : out_(std::move(out)) {}
  template <class Make>
  void make(std::size_t place, Make make) {
    out_[static_cast<std::iter_difference_t<Iterator>>(place)] = make();
  }

 private:
  const Iterator out_;
};

template <class F, class Iterator>
using ResultOfMap = std::invoke_result_t<F&, std::iter_value_t<Iterator>>;

// Iterator: of random access; the elements live until the job has ended.
template <class F, class Iterator, class Places>
class MapJob : public Chunks {
 public:
  MapJob(Workers& workers, F function, Iterator first, Places places, std::size_t count,
         std::size_t chunk)
      : Chunks(workers, count, chunk),
        places(std::move(places)),
        function_(std::move(function)),
        first_(std::move(first)) {}

  // Once it has ended.
  std::exception_ptr failure() {
    MutexLock hold(mutex_);
    return failure_;
  }

  Places places;

 protected:
  void do_items(std::size_t begin, std::size_t end) noexcept override {
    for (std::size_t i = begin; i < end; ++i) {
      try {
        places.make(i, [&]() -> decltype(auto) {
          return std::invoke(function_,
                             std::iter_value_t<Iterator>(
                                 first_[static_cast<std::iter_difference_t<Iterator>>(i)]));
        });
      } catch (...) {
        keep_failure(i, std::current_exception());
      }
    }
  }

 private:
  void keep_failure(std::size_t place, std::exception_ptr failure) {
    MutexLock hold(mutex_);
    if (failure_ != nullptr && failed_at_ < place) return;
    failure_ = std::move(failure);
    failed_at_ = place;
  }

  F function_;
  const Iterator first_;
  Mutex mutex_;
  std::exception_ptr failure_ WEFT_GUARDED_BY(mutex_);
  std::size_t failed_at_ WEFT_GUARDED_BY(mutex_) = 0;
};

// A map whose caller waits for it.
template <class F, class Iterator, class Places>
class BlockingMap final : public MapJob<F, Iterator, Places> {
 public:
  using MapJob<F, Iterator, Places>::MapJob;

  void wait() {
    // What is left is a chunk or two in the hands of others.
    if (!spin_for(this_threads_budget(), [this] { return ended_.is_set(); })) ended_.wait();
  }
  bool all() const { return all_; }

 private:
  void ended(bool all) noexcept override {
    all_ = all;
    ended_.set();
  }

  bool all_ = true;  // written before ended_ is set, read after the wait for it
  Event ended_;
};

}  // namespace weft::internal
