#include "primitives/threading/thread_local.h"

#include <pthread.h>

#include <memory>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "primitives/base/mutex.h"

namespace weft::internal {

// Shared by the ThreadLocal and the threads that have a value in it. Whoever takes a value out of
// `values` destroys it: that makes it once (I1).
struct ThreadLocalBase::Core {
  explicit Core(Destroy d) : destroy(d) {}

  const Destroy destroy;
  Mutex mutex;
  bool ended WEFT_GUARDED_BY(mutex) = false;
  std::unordered_set<void*> values WEFT_GUARDED_BY(mutex);
};

// The calling thread's values. Not a thread_local object: those end before the values may be used
// for the last time, by destructors of other values and of other thread_locals.
class ThreadLocalSlots {
 public:
  using Core = ThreadLocalBase::Core;

  static ThreadLocalSlots* existing() {
    return static_cast<ThreadLocalSlots*>(pthread_getspecific(key()));
  }
  static ThreadLocalSlots& of_this_thread() {
    if (ThreadLocalSlots* slots = existing()) return *slots;
    auto slots = std::make_unique<ThreadLocalSlots>();
    if (const int error = pthread_setspecific(key(), slots.get()); error != 0) {
      throw std::system_error(error, std::generic_category(), "ThreadLocal");
    }
    return *slots.release();
  }

  ~ThreadLocalSlots() {
    for (auto& [core, value] : values_) {
      bool mine = false;
      {
        MutexLock hold(core->mutex);
        mine = core->values.erase(value) == 1;
      }
      if (mine) core->destroy(value);
    }
  }

  void* find(const std::shared_ptr<Core>& core) const {
    const auto found = values_.find(core);
    return found == values_.end() ? nullptr : found->second;
  }

  void insert(const std::shared_ptr<Core>& core, void* value) {
    forget_ended();
    values_.emplace(core, value);
    try {
      MutexLock hold(core->mutex);
      core->values.insert(value);
    } catch (...) {
      values_.erase(core);
      throw;
    }
  }

 private:
  static pthread_key_t key() {
    static const pthread_key_t key = [] {
      pthread_key_t made{};
      const int error = pthread_key_create(
          &made, [](void* slots) { delete static_cast<ThreadLocalSlots*>(slots); });
      if (error != 0) throw std::system_error(error, std::generic_category(), "ThreadLocal");
      return made;
    }();
    return key;
  }

  // ThreadLocals that ended took their values along; their cores are kept no longer than this.
  void forget_ended() {
    std::erase_if(values_, [](const auto& entry) {
      MutexLock hold(entry.first->mutex);
      return entry.first->ended;
    });
  }

  std::unordered_map<std::shared_ptr<Core>, void*> values_;
};

ThreadLocalBase::ThreadLocalBase(Destroy destroy) : core_(std::make_shared<Core>(destroy)) {}

ThreadLocalBase::~ThreadLocalBase() {
  std::unordered_set<void*> left;
  {
    MutexLock hold(core_->mutex);
    core_->ended = true;
    left.swap(core_->values);
  }
  for (void* value : left) core_->destroy(value);
}

void* ThreadLocalBase::find() const {
  const ThreadLocalSlots* slots = ThreadLocalSlots::existing();
  return slots == nullptr ? nullptr : slots->find(core_);
}

void ThreadLocalBase::insert(void* value) const {
  try {
    ThreadLocalSlots::of_this_thread().insert(core_, value);
  } catch (...) {
    core_->destroy(value);
    throw;
  }
}

}  // namespace weft::internal
