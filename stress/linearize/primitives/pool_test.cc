// A future against the model that is shipped; a pool against one that knows what a task gives back.
// (The shipped one judges records in which tasks tell themselves that they ran.)
#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>

#include "primitives/pool/future.h"
#include "primitives/pool/thread_pool.h"
#include "stress/linearize/linearizable.h"
#include "stress/linearize/models/future.h"

namespace weft::linearize {
namespace {

// Many programs rather than many interleavings of each.
const generate::Search kShort{.explored = 20, .options = {.budget = Seconds(2)}};

// Both ends of one future.
struct Ends {
  Promise<int> promise;
  Future<int> future = promise.future();

  void set_result(int value) { promise.set_result(value); }
  void set_exception(const std::string&) {
    promise.set_exception(std::make_exception_ptr(std::out_of_range("of a test")));
  }
  bool set_running_or_notify_cancel() { return promise.set_running_or_notify_cancel(); }
  bool cancel() { return future.cancel(); }
  int result() { return future.result(); }
  bool done() { return future.done(); }
  bool cancelled() { return future.cancelled(); }
  bool running() { return future.running(); }
};

using M = models::Future;
WEFT_LINEARIZABLE(Models, Future, Ends, models::Future,
                  operation("set_result", &Ends::set_result, &M::set_result, gen::unique()),
                  operation("set_exception", &Ends::set_exception, &M::set_exception,
                            gen::element("out_of_range")),
                  operation("set_running_or_notify_cancel", &Ends::set_running_or_notify_cancel,
                            &M::set_running_or_notify_cancel),
                  operation("cancel", &Ends::cancel, &M::cancel),
                  operation("result", &Ends::result, &M::result),
                  operation("done", &Ends::done, &M::finished),
                  operation("cancelled", &Ends::cancelled, &M::cancelled),
                  operation("running", &Ends::running, &M::running), search(kShort));

class CountingPool {
 public:
  int apply(int task) {
    return pool_.apply([this, task] {
      ++ran_;
      return task;
    });
  }
  void post(int) {
    pool_.post([this] { ++ran_; });
  }
  void close() { pool_.close(); }
  // How many tasks have run when there are no more.
  int join() {
    pool_.join();
    return ran_;
  }

 private:
  std::atomic<int> ran_{0};
  ThreadPool pool_{1};
};

struct CountingModel {
  bool closed = false;
  int tasks = 0;

  Gives<> post(int) {
    if (closed) return throws("RuntimeError");
    ++tasks;
    return done;
  }
  Gives<int> apply(int task) {
    if (closed) return throws("RuntimeError");
    ++tasks;
    return task;
  }
  void close() { closed = true; }
  Gives<int> join() const {
    if (!closed) return throws("ValueError");
    return tasks;
  }
};

WEFT_LINEARIZABLE(Models, ThreadPool, CountingPool, CountingModel,
                  operation("apply", &CountingPool::apply, &CountingModel::apply, gen::unique()),
                  operation("post", &CountingPool::post, &CountingModel::post, gen::unique()),
                  operation("close", &CountingPool::close, &CountingModel::close),
                  operation("join", &CountingPool::join, &CountingModel::join), search(kShort));

}  // namespace
}  // namespace weft::linearize
