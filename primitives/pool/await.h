// co_await of a Future: `T value = co_await future;` in any coroutine.
//
// The coroutine goes on in the thread that completes or cancels the future, as a callback does; at
// once if it is done. With `co_await resume_on(pool, future)` it goes on as a task of that pool; in
// the completing thread if the pool is closed, and in the one that terminates it if it is dropped.
// An awaited future that is a temporary gives its value away, for the only reader; a named one
// gives a reference that lives as long as the future.
//
// A coroutine that waits may be destroyed instead, and is not resumed then; but not while another
// thread completes or cancels the future, nor when it waits for its turn in a pool.
//
// Thread safety: as of any observer: one coroutine a co_await, many for one future.
// Memory ordering: as of Future: what the worker did is visible after co_await.
// Non-invariants: a worker that waits by co_await does not help; it is free for other tasks
// instead. One that blocks until a Task ends does what that awaits (sync_wait.h).
#pragma once

#include <coroutine>
#include <utility>

#include "primitives/pool/future.h"
#include "primitives/pool/helped_wait.h"
#include "primitives/pool/resumption.h"

namespace weft {
namespace internal {

struct ResumeHere {
  void operator()(std::coroutine_handle<> coroutine, HelpedWait*) const { coroutine.resume(); }
};

// Lives in the frame of the coroutine that waits, so it needs no memory of its own.
template <class T, bool kTakes, class Resume>
class FutureAwaiter final : public Observer {
 public:
  FutureAwaiter(Future<T> future, Resume resume)
      : Observer(Manner::kCall), future_(std::move(future)), resume_(std::move(resume)) {}
  FutureAwaiter(const FutureAwaiter&) = delete;
  FutureAwaiter& operator=(const FutureAwaiter&) = delete;
  ~FutureAwaiter() {
    if (is_observer_) (void)future_.state()->forget(*this);  // the coroutine is destroyed
  }

  bool await_ready() const { return future_.done(); }
  // The coroutine may have gone on, and this object be gone, before observe() returns.
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    coroutine_ = coroutine;
    if constexpr (KnowsItsWait<Promise>) {
      wait_ = coroutine.promise().helped_wait();
      if (wait_ != nullptr) wait_->awaits(*future_.state().get());
    }
    is_observer_ = true;
    if (future_.state()->observe(*this, Stage::kDone)) return true;
    is_observer_ = false;
    return false;
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
    is_observer_ = false;
    // Copied: the coroutine may destroy this object as it goes on.
    const Resume resume = resume_;
    resume(coroutine_, wait_);
  }

  Future<T> future_;
  Resume resume_;
  std::coroutine_handle<> coroutine_;
  bool is_observer_ = false;    // written before it is one, and by whoever tells it
  HelpedWait* wait_ = nullptr;  // of a worker that blocks until this coroutine has ended
};

template <class Pool>
struct ResumeOn {
  Pool* pool;
  void operator()(std::coroutine_handle<> coroutine, HelpedWait* wait) const {
    Resumption::post(WorkersOf::get(*pool), coroutine, wait);
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

// Pool: a ThreadPool or ThreadPoolExecutor. It must live until the coroutine has gone on and
// whoever completed the future has returned from that.
template <class Pool, class T>
auto resume_on(Pool& pool, const Future<T>& future) {
  return internal::OnPool<Pool, T, false>{&pool, future};
}
template <class Pool, class T>
auto resume_on(Pool& pool, Future<T>&& future) {
  return internal::OnPool<Pool, T, true>{&pool, std::move(future)};
}

}  // namespace weft
