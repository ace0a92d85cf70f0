#include "primitives/pool/helped_wait.h"

#include <utility>

#include "primitives/annotate.h"
#include "primitives/pool/helper.h"

namespace weft::internal {

HelpedWait::HelpedWait()
    : home_(Helper::current() == nullptr ? nullptr : Helper::current()->home()) {}

HelpedWait::~HelpedWait() {
  annotate::destroyed(this);
  // Whoever found that it has ended may be here while end() is still inside.
  MutexLock hold(mutex_);
}

void HelpedWait::awaits(FutureState& future) {
  if (future.home() != home_ || future.begun()) return;
  MutexLock hold(mutex_);
  awaited_ = Reference<FutureState>::share(&future);
  waiter_.notify(1);
}

void HelpedWait::end() {
  MutexLock hold(mutex_);
  store_ended();
  waiter_.notify(1);
}

void HelpedWait::help_until_end() {
  for (;;) {
    Reference<FutureState> awaited;
    {
      MutexLock hold(mutex_);
      while (!load_ended() && !awaited_) {
        annotate::waiting(this, "sync_wait");
        (void)waiter_.wait(mutex_, Deadline::never());
        annotate::released(this, "sync_wait");
      }
      awaited = std::exchange(awaited_, {});
    }
    if (load_ended()) return;
    awaited->help();
  }
}

}  // namespace weft::internal
