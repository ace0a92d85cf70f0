// Queues, a promise and a pool with one mistake each.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/thread_pool.h"

namespace weft::busted {

enum class Mistake {
  kPutWakesNobody,
  kOneTooMany,          // room for one more than the maximum
  kForgetsToLookAgain,  // a woken getter takes what may be gone
  kFirstInFirstOut,     // of a queue that should be last in, first out
  kLosesEqualItems,     // of two equal items one is dropped
  kUnstable,            // equal items are got in the reverse order
  kGivesTwice,          // get_nowait leaves the item in
};

// put, get and their polls over a vector, the next item in front.
template <class T, Mistake kMistake>
class BustedQueue {
 public:
  explicit BustedQueue(std::size_t maximum = 0) : maximum_(maximum) {}

  void put(T item) {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [&] { return has_room(); });
    insert(std::move(item));
    if constexpr (kMistake != Mistake::kPutWakesNobody) changed_.notify_all();
  }
  bool try_put(T item) {
    std::scoped_lock hold(mutex_);
    if (!has_room()) return false;
    insert(std::move(item));
    changed_.notify_all();
    return true;
  }
  T get() {
    std::unique_lock hold(mutex_);
    if constexpr (kMistake == Mistake::kForgetsToLookAgain) {
      if (items_.empty()) changed_.wait(hold);
      if (items_.empty()) return T{};  // what was taken was no item
    } else {
      changed_.wait(hold, [&] { return !items_.empty(); });
    }
    return take();
  }
  T get_nowait() {
    std::scoped_lock hold(mutex_);
    if (items_.empty()) throw QueueEmpty("nothing is there");
    if constexpr (kMistake == Mistake::kGivesTwice) return items_.front();
    return take();
  }
  std::optional<T> try_get() {
    std::scoped_lock hold(mutex_);
    if (items_.empty()) return std::nullopt;
    return take();
  }
  std::size_t qsize() {
    std::scoped_lock hold(mutex_);
    return items_.size();
  }

 private:
  bool has_room() const {
    const std::size_t extra = kMistake == Mistake::kOneTooMany ? 1 : 0;
    return maximum_ == 0 || items_.size() < maximum_ + extra;
  }
  void insert(T item) {
    auto place = items_.end();
    if constexpr (kMistake == Mistake::kUnstable || kMistake == Mistake::kLosesEqualItems) {
      place = std::lower_bound(items_.begin(), items_.end(), item);
      if (kMistake == Mistake::kLosesEqualItems && place != items_.end() && !(item < *place))
        return;
    }
    items_.insert(place, std::move(item));
  }
  T take() {
    T item = std::move(items_.front());
    items_.erase(items_.begin());
    changed_.notify_all();
    return item;
  }

  const std::size_t maximum_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> items_;
};

// set_value() wakes one of those that wait.
class PromiseThatWakesOne {
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<int> value;
  };

 public:
  class Result {
   public:
    explicit Result(std::shared_ptr<State> state) : state_(std::move(state)) {}
    int result() const {
      std::unique_lock hold(state_->mutex);
      state_->changed.wait(hold, [&] { return state_->value.has_value(); });
      return *state_->value;
    }
    bool done() const {
      std::scoped_lock hold(state_->mutex);
      return state_->value.has_value();
    }

   private:
    std::shared_ptr<State> state_;
  };
  Result future() const { return Result(state_); }
  void set_value(int value) {
    std::scoped_lock hold(state_->mutex);
    if (state_->value) throw InvalidStateError("set already");
    state_->value = value;
    state_->changed.notify_one();
  }

 private:
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// close() drops what was submitted last, if it has not begun.
class PoolThatDropsATask {
 public:
  explicit PoolThatDropsATask(std::size_t workers) : pool_(workers) {}

  // One task is held back until the next one comes, or for ever.
  template <class F>
  auto submit(F function) -> Future<std::invoke_result_t<F>> {
    using Result = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<Result>) {
      std::scoped_lock hold(mutex_);
      if (closed_) throw RuntimeError("the pool is closed");
      if (held_back_) (void)pool_.submit(std::exchange(held_back_, nullptr));
      held_back_ = std::move(function);
      return Promise<Result>().future();
    } else {
      return pool_.submit(std::move(function));
    }
  }
  void close() {
    std::scoped_lock hold(mutex_);
    closed_ = true;
    pool_.close();
  }
  void join() { pool_.join(); }

 private:
  ThreadPool pool_;
  std::mutex mutex_;
  bool closed_ = false;
  std::function<void()> held_back_;
};

}  // namespace weft::busted
