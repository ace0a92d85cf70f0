#include "primitives/pool/stray_exception.h"

#include <stdio.h>

#include <utility>

#include "primitives/base/mutex.h"

namespace weft {
namespace {

using internal::MutexLock;

struct Hook {
  internal::Mutex mutex;
  StrayExceptionHook hook WEFT_GUARDED_BY(mutex);
};

// Never destroyed: threads may end after the statics are gone.
Hook& the_hook() {
  static Hook* const hook = new Hook;
  return *hook;
}

void report_by_default(const char* origin, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    fprintf(stderr, "weft: an exception left %s: %s\n", origin, known.what());
  } catch (...) {
    fprintf(stderr, "weft: an exception left %s; its type is no std::exception\n", origin);
  }
}

}  // namespace

StrayExceptionHook set_stray_exception_hook(StrayExceptionHook hook) {
  MutexLock hold(the_hook().mutex);
  return std::exchange(the_hook().hook, std::move(hook));
}

void report_stray_exception(const char* origin) noexcept {
  const std::exception_ptr error = std::current_exception();
  try {
    StrayExceptionHook hook;
    {
      MutexLock hold(the_hook().mutex);
      hook = the_hook().hook;
    }
    if (hook) {
      hook(origin, error);
    } else {
      report_by_default(origin, error);
    }
  } catch (...) {
    // It was told; the hook's own failure has nowhere to go.
  }
}

}  // namespace weft
