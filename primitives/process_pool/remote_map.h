// RemoteMap: a function called for each element of an input by the processes of a pool, in chunks,
// with all results as one future's, in the order of the input.
//
// Thread safety: chunks end in any thread, one by one or together.
// Invariants:     (I1) The function is called for every element, also after a failure; the failure
//                      kept is that of the first element in the input's order.
//                 (I2) The future is done when all chunks have ended.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/pool/async_result.h"
#include "primitives/pool/future.h"
#include "primitives/process_pool/process_workers.h"
#include "primitives/process_pool/remote_submit.h"

namespace weft::internal {

template <class Function, class Element, class Callback, class ErrorCallback>
class RemoteMap
    : public std::enable_shared_from_this<RemoteMap<Function, Element, Callback, ErrorCallback>> {
 public:
  using Each = typename Function::Result;
  using Outcomes = std::vector<typename Function::Outcome>;
  using Result = std::conditional_t<std::is_void_v<Each>, void, std::vector<ValueOf<Each>>>;

  RemoteMap(std::size_t count, Callback callback, ErrorCallback error_callback)
      : left_(count), callback_(std::move(callback)), error_callback_(std::move(error_callback)) {
    if constexpr (!std::is_void_v<Each>) results_.resize(count);
    (void)promise_.set_running_or_notify_cancel();
  }

  // `chunk` elements are one task.
  void start(ProcessWorkers& workers, std::uint64_t function, std::vector<Element> elements,
             std::size_t chunk) {
    const std::size_t count = elements.size();
    if (count == 0) {
      if (workers.closed()) throw RuntimeError("the pool of processes is closed");
      return end();
    }
    std::vector<ProcessWorkers::TaskPointer> tasks;
    for (std::size_t begin = 0; begin < count; begin += chunk) {
      const std::size_t size = std::min(chunk, count - begin);
      auto task = std::make_unique<Chunk>(this->shared_from_this(), function, begin, size);
      const auto first = elements.begin() + static_cast<std::ptrdiff_t>(begin);
      encode_to(
          task->arguments,
          std::vector<Element>(std::make_move_iterator(first),
                               std::make_move_iterator(first + static_cast<std::ptrdiff_t>(size))));
      tasks.push_back(std::move(task));
    }
    workers.submit_all(std::move(tasks));
  }
  AsyncResult<Result> result() const { return AsyncResult<Result>(promise_.future()); }

 private:
  class Chunk final : public RemoteTask {
   public:
    Chunk(std::shared_ptr<RemoteMap> map, std::uint64_t function, std::size_t begin,
          std::size_t size)
        : RemoteTask(&Function::template call_each<Element>, function),
          map_(std::move(map)),
          begin_(begin),
          size_(size) {}

    void succeed(std::span<const std::byte> result) noexcept override {
      try {
        auto outcomes = ipc::decode<Outcomes>(result);
        if (outcomes.size() != size_) {
          throw ipc::CorruptedError("a worker has results for another number of elements");
        }
        map_->keep(begin_, outcomes);
      } catch (...) {
        map_->keep_failure(begin_, std::current_exception());
      }
      map_->ended(size_);
    }
    void fail(std::exception_ptr error) noexcept override {
      map_->keep_failure(begin_, std::move(error));
      map_->ended(size_);
    }
    void cancel() noexcept override {
      fail(std::make_exception_ptr(CancelledError("the pool of processes was terminated")));
    }

   protected:
    bool begin() override { return true; }

   private:
    const std::shared_ptr<RemoteMap> map_;
    const std::size_t begin_;
    const std::size_t size_;
  };

  void keep(std::size_t begin, Outcomes& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (const auto* failure = std::get_if<1>(&outcomes[i])) {
        keep_failure(begin + i, to_exception(*failure));
      } else if constexpr (!std::is_void_v<Each>) {
        results_[begin + i].emplace(std::move(*std::get_if<0>(&outcomes[i])));
      }
    }
  }
  void keep_failure(std::size_t place, std::exception_ptr failure) {
    MutexLock hold(mutex_);
    if (failure_ != nullptr && failed_at_ < place) return;
    failure_ = std::move(failure);
    failed_at_ = place;
  }
  void ended(std::size_t elements) {
    {
      MutexLock hold(mutex_);
      left_ -= elements;
      if (left_ > 0) return;
    }
    end();
  }
  // All have ended: nobody else is here.
  void end() {
    std::exception_ptr failure;
    {
      MutexLock hold(mutex_);
      failure = failure_;
    }
    if (failure != nullptr) {
      call_back(error_callback_, failure);
      promise_.set_exception(std::move(failure));
    } else if constexpr (std::is_void_v<Each>) {
      call_back(callback_);
      promise_.set_result({});
    } else {
      std::vector<ValueOf<Each>> results;
      results.reserve(results_.size());
      for (auto& each : results_) results.push_back(std::move(*each));
      call_back(callback_, results);
      promise_.set_result(std::move(results));
    }
  }

  Mutex mutex_;
  std::size_t left_ WEFT_GUARDED_BY(mutex_);
  Callback callback_;
  ErrorCallback error_callback_;
  Promise<Result> promise_;
  // Each place is written by the one who has its chunk.
  std::vector<std::optional<ValueOf<Each>>> results_;
  std::exception_ptr failure_ WEFT_GUARDED_BY(mutex_);
  std::size_t failed_at_ WEFT_GUARDED_BY(mutex_) = 0;
};

}  // namespace weft::internal
