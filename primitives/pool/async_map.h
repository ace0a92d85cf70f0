// AsyncMap: a map that nobody waits for as it begins; its results are a future's.
//
// Thread safety: as of Chunks. Invariants: as of MapJob.
#pragma once

#include <cstddef>
#include <exception>
#include <iterator>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/pool/async_result.h"
#include "primitives/pool/map_job.h"

namespace weft::internal {

// A function of several parameters as one of a tuple.
template <class F>
struct Starred {
  F function;
  template <class Tuple>
  decltype(auto) operator()(Tuple&& arguments) {
    return std::apply(function, std::forward<Tuple>(arguments));
  }
};

template <class Input>
struct OwnInputs {
  std::vector<Input> inputs;
};

template <class F, class Input, class Callback, class ErrorCallback>
class AsyncMap final : private OwnInputs<Input>,  // before the job, which begins with an iterator
                       public MapJob<F, std::move_iterator<typename std::vector<Input>::iterator>,
                                     Results<std::invoke_result_t<F&, Input>>> {
 public:
  using Iterator = std::move_iterator<typename std::vector<Input>::iterator>;
  using Each = std::invoke_result_t<F&, Input>;
  using Job = MapJob<F, Iterator, Results<Each>>;
  using Result = std::conditional_t<std::is_void_v<Each>, void,
                                    decltype(std::declval<Results<Each>>().take())>;

  AsyncMap(Workers& workers, F function, std::vector<Input> given, std::size_t chunk,
           Callback callback, ErrorCallback error_callback)
      : OwnInputs<Input>{std::move(given)},
        Job(workers, std::move(function), Iterator(this->inputs.begin()),
            Results<Each>(this->inputs.size()), this->inputs.size(), chunk),
        workers_(workers),
        callback_(std::move(callback)),
        error_callback_(std::move(error_callback)) {
    (void)promise_.set_running_or_notify_cancel();
  }

  // Throws RuntimeError if the pool is closed.
  void start() {
    if (this->chunks() != 0) return this->invite_all();
    if (workers_.closed()) throw RuntimeError("ThreadPool::map_async: the pool is closed");
    ended(true);
  }
  AsyncResult<Result> result() const { return AsyncResult<Result>(promise_.future()); }

 private:
  void ended(bool all) noexcept override {
    std::exception_ptr failure = this->failure();
    if (failure == nullptr && !all) {
      failure = std::make_exception_ptr(CancelledError("ThreadPool: the pool was terminated"));
    }
    if (failure == nullptr) failure = keep_results();
    if (failure != nullptr) {
      call_back(error_callback_, failure);
      promise_.set_exception(std::move(failure));
    }
  }

  // What moving the results threw, or null.
  std::exception_ptr keep_results() {
    try {
      if constexpr (std::is_void_v<Result>) {
        call_back(callback_);
        promise_.set_result({});
      } else {
        Result results = this->places.take();
        call_back(callback_, results);
        promise_.set_result(std::move(results));
      }
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  Workers& workers_;
  Callback callback_;
  ErrorCallback error_callback_;
  Promise<Result> promise_;
};

}  // namespace weft::internal
