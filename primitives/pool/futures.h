// Many futures at once: wait() until one, all or the first failed of them are through, and
// as_completed(), which gives them in the order in which they are.
//
// A future that is cancelled counts only when its worker knows, as in Python's concurrent.futures.
// A future that stands in the list twice counts once.
//
// Thread safety: any thread; one AsCompleted for one thread. Memory ordering: as of Future.
// A worker that waits without a limit does those of its own pool that nobody has begun (helper.h).
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <unordered_set>
#include <vector>

#include "primitives/pool/future.h"
#include "primitives/pool/many_states.h"

namespace weft {

template <class T>
struct Waited {
  std::vector<Future<T>> done;
  std::vector<Future<T>> not_done;
};

namespace internal {

// Each future once, in the order of the input.
template <class Range>
auto unique_futures(const Range& futures) {
  std::vector<std::ranges::range_value_t<Range>> unique;
  std::unordered_set<const void*> seen;
  for (const auto& future : futures) {
    if (seen.insert(future.state().get()).second) unique.push_back(future);
  }
  return unique;
}

template <class T>
std::vector<FutureState*> states_of(const std::vector<Future<T>>& futures) {
  std::vector<FutureState*> states;
  states.reserve(futures.size());
  for (const Future<T>& future : futures) states.push_back(future.state().get());
  return states;
}

template <class T>
Waited<T> wait_before(std::vector<Future<T>> futures, ReturnWhen when, const Deadline& deadline,
                      const std::stop_token& stop = {}) {
  (void)wait_for_states(states_of(futures), when, deadline, stop);
  Waited<T> waited;
  for (Future<T>& future : futures) {
    (future.state()->settled() ? waited.done : waited.not_done).push_back(std::move(future));
  }
  return waited;
}

}  // namespace internal

template <std::ranges::input_range Range>
auto wait(const Range& futures, ReturnWhen when = ReturnWhen::kAllCompleted) {
  return internal::wait_before(internal::unique_futures(futures), when, Deadline::never());
}
template <std::ranges::input_range Range>
auto wait(const Range& futures, const std::stop_token& stop,
          ReturnWhen when = ReturnWhen::kAllCompleted) {
  return internal::wait_before(internal::unique_futures(futures), when, Deadline::never(), stop);
}
// A time-out is no error: what is not done then is in `not_done`.
template <std::ranges::input_range Range, class Rep, class Period>
auto wait_for(const Range& futures, const std::chrono::duration<Rep, Period>& timeout,
              ReturnWhen when = ReturnWhen::kAllCompleted) {
  return internal::wait_before(internal::unique_futures(futures), when, Deadline::after(timeout));
}

// The range that as_completed() gives. next() is the same one by one: empty at the end.
template <class T>
class AsCompleted {
 public:
  AsCompleted(std::vector<Future<T>> futures, std::function<Deadline()> begin_clock)
      : futures_(futures.begin(), futures.end()),
        begin_clock_(std::move(begin_clock)),
        arrivals_(internal::states_of(futures)) {}

  // Throws TimeoutError; those that are left may be asked for again.
  std::optional<Future<T>> next() {
    if (arrivals_.left() == 0) return std::nullopt;
    if (!deadline_) deadline_ = begin_clock_();
    const std::optional<std::size_t> place = arrivals_.next(*deadline_);
    if (!place) {
      throw TimeoutError("as_completed: " + std::to_string(arrivals_.left()) + " (of " +
                         std::to_string(futures_.size()) + ") futures unfinished");
    }
    // What was given is not kept alive from here.
    return std::exchange(futures_[*place], std::nullopt);
  }

  class Iterator {
   public:
    using value_type = Future<T>;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(AsCompleted& futures) : futures_(&futures), current_(futures.next()) {}
    const Future<T>& operator*() const { return *current_; }
    Iterator& operator++() {
      current_.reset();
      current_ = futures_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !current_; }

   private:
    AsCompleted* futures_;
    std::optional<Future<T>> current_;
  };
  Iterator begin() { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::vector<std::optional<Future<T>>> futures_;
  std::function<Deadline()> begin_clock_;
  std::optional<Deadline> deadline_;
  internal::Arrivals arrivals_;  // after futures_, whose states it observes
};

template <std::ranges::input_range Range>
auto as_completed(const Range& futures) {
  using F = std::ranges::range_value_t<Range>;
  return AsCompleted<typename F::Type>(internal::unique_futures(futures),
                                       [] { return Deadline::never(); });
}
// The time begins with the first next(), or begin().
template <std::ranges::input_range Range, class Rep, class Period>
auto as_completed(const Range& futures, const std::chrono::duration<Rep, Period>& timeout) {
  using F = std::ranges::range_value_t<Range>;
  return AsCompleted<typename F::Type>(internal::unique_futures(futures),
                                       [timeout] { return Deadline::after(timeout); });
}

}  // namespace weft
