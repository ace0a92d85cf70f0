// A guard whose destructor releases only when its block ends well.
#include <exception>
#include <mutex>
#include <stdexcept>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 2;

class FairWeatherGuard {
 public:
  explicit FairWeatherGuard(Lock& lock) : lock_(lock) { lock_.acquire(); }
  ~FairWeatherGuard() {
    if (std::uncaught_exceptions() == 0) lock_.release();
  }

 private:
  Lock& lock_;
};

template <class Guard>
std::string count() {
  Lock lock;
  annotate::named(&lock, "sum's lock");
  long sum = 0;
  together(kThreads, [&](int) {
    try {
      Guard hold(lock);
      sum += 1;
      throw std::runtime_error("the block is left");
    } catch (const std::runtime_error&) {
      // The program carries on.
    }
  });
  return unless_equal("sum", sum, kThreads);
}

}  // namespace

constinit const Specimen kGuardKeepsLockOnException{
    .row = "001-6b",
    .name = "waits_for_nobody/guard_keeps_lock_on_exception",
    .mistake = "a guard does not release when an exception leaves its block",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'sum's lock' held by thread",
    .body = count<FairWeatherGuard>,
    .mended = count<std::scoped_lock<Lock>>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
