// Imap: results one by one while a pool works on the next ones: in the order of the input, or
// (imap_unordered) as they come.
//
// The input is read by the thread that takes the results, a few chunks ahead, so an endless input
// is no trouble. A call that fails throws at its place, and next() can be called on; an input that
// throws as it is read ends the results with that exception, after those that were begun.
//
// Thread safety: one thread, while the pool lives. A worker of the same pool of threads that takes
// results helps, as with a Future.
// Invariants:     (I1) At most window() chunks are begun and not given.
//                 (I2) Destroying it early cancels what has not begun, and waits for nothing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <optional>
#include <ranges>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/errors.h"
#include "primitives/pool/future.h"
#include "primitives/pool/many_states.h"
#include "primitives/pool/next_range.h"

namespace weft {
namespace internal {

[[noreturn]] inline void throw_failure(const std::exception_ptr& failure) {
  std::rethrow_exception(failure);
}

}  // namespace internal

// Submit: what begins a chunk: (std::vector<input>) -> Future<std::vector<std::variant<R,
// Failure>>>. Failure: why a call has no result, with a function throw_failure().
template <std::ranges::view View, class R, class Failure, class Submit>
class Imap : public NextRange<Imap<View, R, Failure, Submit>, R> {
 public:
  using Input = std::ranges::range_value_t<View>;
  using Result = R;
  using Outcome = std::variant<Result, Failure>;
  using Chunk = Future<std::vector<Outcome>>;

  // Throws ValueError for a chunk of 0.
  Imap(View inputs, std::size_t chunk, bool ordered, std::size_t window, Submit submit)
      : inputs_(std::move(inputs)),
        at_(std::ranges::begin(inputs_)),
        chunk_(chunk),
        ordered_(ordered),
        window_(window),
        submit_(std::move(submit)) {
    if (chunk == 0) throw ValueError("imap: a chunk has at least one element");
    fill();
  }
  Imap(const Imap&) = delete;
  Imap& operator=(const Imap&) = delete;
  ~Imap() {
    for (Chunk& chunk : begun_) (void)chunk.cancel();
  }

  // The next result; empty at the end. Throws what the call threw, or the input; CancelledError if
  // the pool was terminated.
  std::optional<Result> next() { return next_before(Deadline::never()); }
  // Throws TimeoutError; the result can be asked for again.
  template <class Rep, class Period>
  std::optional<Result> next_for(const std::chrono::duration<Rep, Period>& timeout) {
    return next_before(Deadline::after(timeout));
  }

  std::size_t window() const { return window_; }

 private:
  void fill() {
    while (!read_all_ && begun_.size() < window()) {
      std::vector<Input> inputs;
      try {
        while (inputs.size() < chunk_ && at_ != std::ranges::end(inputs_)) {
          inputs.push_back(*at_);
          ++at_;
        }
        read_all_ = inputs.size() < chunk_;
      } catch (...) {
        read_all_ = true;
        of_input_ = std::current_exception();
      }
      if (inputs.empty()) return;
      begun_.push_back(submit_(std::move(inputs)));
    }
  }

  std::optional<Result> next_before(const Deadline& deadline) {
    if (given_ == current_.size()) {
      if (begun_.empty()) {
        if (of_input_ != nullptr) std::rethrow_exception(std::exchange(of_input_, nullptr));
        return std::nullopt;
      }
      const auto chunk = next_chunk(deadline);
      Chunk taken = std::move(*chunk);
      begun_.erase(chunk);
      current_.clear();
      given_ = 0;
      current_ = taken.take();
      // A pool that was closed meanwhile gives what it has begun, and then the refusal.
      try {
        fill();
      } catch (...) {
        read_all_ = true;
        of_input_ = std::current_exception();
      }
    }
    using internal::throw_failure;
    Outcome& outcome = current_[given_++];
    if (auto* const failure = std::get_if<1>(&outcome)) throw_failure(*failure);
    return std::move(*std::get_if<0>(&outcome));
  }

  auto next_chunk(const Deadline& deadline) {
    auto chunk = begun_.begin();
    bool come = false;
    if (ordered_) {
      come = chunk->state()->wait(deadline);
    } else {
      std::vector<internal::FutureState*> states;
      for (const Chunk& begun : begun_) states.push_back(begun.state().get());
      come = internal::wait_for_states(states, ReturnWhen::kFirstCompleted, deadline, {});
      chunk = std::find_if(begun_.begin(), begun_.end(),
                           [](const Chunk& begun) { return begun.done(); });
    }
    if (!come) throw TimeoutError("imap: there was no result in time");
    return chunk;
  }

  View inputs_;
  std::ranges::iterator_t<View> at_;
  const std::size_t chunk_;
  const bool ordered_;
  const std::size_t window_;
  Submit submit_;
  bool read_all_ = false;
  std::exception_ptr of_input_;
  std::deque<Chunk> begun_;       // in the order of the input
  std::vector<Outcome> current_;  // of the chunk that is being given
  std::size_t given_ = 0;         // of current_
};

}  // namespace weft
