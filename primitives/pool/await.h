// co_await of a Future: `T value = co_await future;` in any coroutine.
//
// The coroutine goes on in the thread that completes or cancels the future, as a callback does; at
// once if it is done. With `co_await resume_on(pool, future)` it goes on as a task of that pool, or
// in the completing thread if the pool is closed. An awaited future that is a temporary gives its
// value away, for the only reader; a named one gives a reference that lives as long as the future.
//
// Thread safety: as of any observer: one coroutine a co_await, many for one future.
// Memory ordering: as of Future: what the worker did is visible after co_await.
// Non-invariants: a worker that waits by co_await does not help; it is free for other tasks
// instead.
#pragma once

#include <coroutine>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/pool/future.h"

namespace weft {
namespace internal {

struct ResumeHere {
  void operator()(std::coroutine_handle<> coroutine) const { coroutine.resume(); }
};

// Lives in the frame of the coroutine that waits, so it needs no memory of its own.
template <class T, bool kTakes, class Resume>
class FutureAwaiter final : public Observer {
 public:
  FutureAwaiter(Future<T> future, Resume resume)
      : Observer(Manner::kCall), future_(std::move(future)), resume_(std::move(resume)) {}

  bool await_ready() const { return future_.done(); }
  // The coroutine may have gone on, and this object be gone, before observe() returns.
  bool await_suspend(std::coroutine_handle<> coroutine) {
    coroutine_ = coroutine;
    return future_.state()->observe(*this, Stage::kDone);
  }
  decltype(auto) await_resume() {
    if constexpr (kTakes) {
      return future_.take();
    } else {
      return future_.result();
    }
  }

 private:
  void on_reached(FutureState&) noexcept override {
    // Copied: the coroutine may destroy this object as it goes on.
    const Resume resume = resume_;
    resume(coroutine_);
  }

  Future<T> future_;
  Resume resume_;
  std::coroutine_handle<> coroutine_;
};

template <class Pool>
struct ResumeOn {
  Pool* pool;
  void operator()(std::coroutine_handle<> coroutine) const {
    try {
      pool->post([coroutine] { coroutine.resume(); });
    } catch (const RuntimeError&) {  // the pool is closed
      coroutine.resume();
    }
  }
};

template <class Pool, class T, bool kTakes>
struct OnPool {
  Pool* pool;
  Future<T> future;
  auto operator co_await() && {
    return FutureAwaiter<T, kTakes, ResumeOn<Pool>>(std::move(future), ResumeOn<Pool>{pool});
  }
};

}  // namespace internal

template <class T>
auto operator co_await(const Future<T>& future) {
  return internal::FutureAwaiter<T, false, internal::ResumeHere>(future, {});
}
template <class T>
auto operator co_await(Future<T>&& future) {
  return internal::FutureAwaiter<T, true, internal::ResumeHere>(std::move(future), {});
}

// Pool: has post(). It must live until the coroutine has gone on.
template <class Pool, class T>
auto resume_on(Pool& pool, const Future<T>& future) {
  return internal::OnPool<Pool, T, false>{&pool, future};
}
template <class Pool, class T>
auto resume_on(Pool& pool, Future<T>&& future) {
  return internal::OnPool<Pool, T, true>{&pool, std::move(future)};
}

}  // namespace weft
