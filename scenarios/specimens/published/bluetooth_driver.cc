// A driver counts its pending requests. A request looks whether the driver is being stopped and
// then counts itself; in between the driver may stop. The bug that KISS found in a Windows driver
// (Qadeer, Wu: "KISS: Keep It Simple and Sequential", PLDI 2004).
#include <atomic>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <bool kMended>
class Driver {
 public:
  // False if the driver stopped under it.
  bool request() {
    if (!enter()) return true;
    const bool running = !stopped_;
    leave();
    return running;
  }
  void stop() {
    stopping_ = true;
    leave();
    if (all_left_) stopped_ = true;
  }

 private:
  bool enter() {
    if (kMended) {
      // Counts itself first, so that who sees the mark unset is waited for.
      ++pending_;
      if (!stopping_) return true;
      leave();
      return false;
    }
    if (stopping_) return false;
    ++pending_;
    return true;
  }
  void leave() {
    if (--pending_ == 0) all_left_ = true;
  }

  std::atomic<int> pending_{1};  // the driver's own
  std::atomic<bool> stopping_{false};
  std::atomic<bool> all_left_{false};
  std::atomic<bool> stopped_{false};
};

template <bool kMended>
std::string request_and_stop() {
  Driver<kMended> driver;
  bool running = true;
  side_by_side([&] { running = driver.request(); }, [&] { driver.stop(); });
  return unless(running, "the driver stopped under a request");
}

}  // namespace

constinit const Classic kBluetoothDriver{
    .name = "published/bluetooth_driver",
    .family = "bluetooth_driver",
    .mistake = "a request looks for the stop mark before it counts itself, and not after",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = request_and_stop<false>,
    .mended = request_and_stop<true>,
};

}  // namespace weft::scenarios::specimens::published
