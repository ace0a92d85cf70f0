// A base class joins its thread in its destructor: by then the derived part, in which the thread
// still runs, is gone, and the next call is to a pure virtual function.
#include <atomic>
#include <thread>

#include "primitives/annotate.h"
#include "scenarios/specimens/lifetime/lifetime.h"

namespace weft::scenarios::specimens::lifetime {
namespace {

class Base {
 public:
  virtual ~Base() { stop(); }
  void start() {
    thread_ = std::thread([this] {
      while (!ends_.load()) {
        step();
        annotate::point("between steps");
      }
    });
  }

 protected:
  void stop() {
    annotate::point("before the stop");
    ends_.store(true);
    if (thread_.joinable()) thread_.join();
  }

 private:
  virtual void step() = 0;

  std::atomic<bool> ends_{false};
  std::thread thread_;
};

template <bool kDerivedJoins>
class Counter : public Base {
 public:
  explicit Counter(std::atomic<int>& steps) : steps_(steps) {}
  ~Counter() override {
    if (kDerivedJoins) this->stop();
  }

 private:
  void step() override { steps_.fetch_add(1); }

  std::atomic<int>& steps_;
};

template <bool kDerivedJoins>
std::string count() {
  std::atomic<int> steps{0};
  {
    Counter<kDerivedJoins> counter(steps);
    counter.start();
    while (steps.load() == 0) std::this_thread::yield();
  }
  return "";
}

}  // namespace

constinit const Specimen kJoinedInBaseDestructor{
    .row = "001-4",
    .name = "lifetime/joined_in_base_destructor",
    .mistake = "the thread of an object is joined only after the derived part is destroyed",
    .kind = kind::kCrash,
    .kind_under_explore = kind::kDataRace,
    .body = count<false>,
    .mended = count<true>,
};

}  // namespace weft::scenarios::specimens::lifetime
