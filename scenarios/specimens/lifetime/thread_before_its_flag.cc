// Members are initialised in the order of their declaration: the thread starts before the flag that
// it sets has its first value, which then overwrites the thread's.
#include <memory>
#include <thread>

#include "primitives/annotate.h"
#include "scenarios/specimens/lifetime/lifetime.h"

namespace weft::scenarios::specimens::lifetime {
namespace {

bool first_value() {
  annotate::point("before the first value");
  return false;
}

class ThreadThenFlag {
 public:
  ThreadThenFlag() : thread_([this] { done_ = true; }), done_(first_value()) {}
  bool done_after_join() {
    thread_.join();
    return done_;
  }

 private:
  std::thread thread_;
  bool done_;
};

class FlagThenThread {
 public:
  FlagThenThread() : done_(first_value()), thread_([this] { done_ = true; }) {}
  bool done_after_join() {
    thread_.join();
    return done_;
  }

 private:
  bool done_;
  std::thread thread_;
};

template <class Worker>
std::string work() {
  const auto worker = std::make_unique<Worker>();
  return worker->done_after_join() ? "" : "the thread has ended, and its work is not done";
}

}  // namespace

constinit const Specimen kThreadBeforeItsFlag{
    .row = "001-4",
    .name = "lifetime/thread_before_its_flag",
    .mistake = "a thread is a member declared before one that it uses",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = work<ThreadThenFlag>,
    .mended = work<FlagThenThread>,
};

}  // namespace weft::scenarios::specimens::lifetime
