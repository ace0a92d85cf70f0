// Memory is given back when nobody reads any more, and whoever gives it back waits for a reader
// that waits for him: itself. After Folly's commits f2ed6109 (a deleter that retires another
// object) and 06a918b7 (synchronize() inside a section that it waits for).
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/reclamation/reclamation.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::reclamation {
namespace {

// Deletes what was retired when there are two. To delete one may retire another.
template <bool kMended>
class Retired {
 public:
  struct Object {
    bool retires_another = false;
  };
  void retire(Object object) {
    std::unique_lock hold(lock_);
    objects_.push_back(object);
    if (objects_.size() < 2) return;
    std::vector<Object> deleted;
    deleted.swap(objects_);
    if (kMended) hold.unlock();
    for (const Object& each : deleted) {
      if (each.retires_another) retire({});
    }
  }

 private:
  std::mutex lock_;
  std::vector<Object> objects_;
};

template <bool kMended>
std::string delete_one_retires_another() {
  Retired<kMended> retired;
  side_by_side([&] { retired.retire({.retires_another = true}); }, [&] { retired.retire({}); });
  return "";
}

// Readers of two phases. synchronize() waits for those that were there when it came; mended, not
// for the caller, who says that it reads.
template <bool kMended>
class ReadCopyUpdate {
 public:
  void enter() {
    std::scoped_lock hold(lock_);
    ++readers_;
  }
  void leave() {
    std::scoped_lock hold(lock_);
    if (--readers_ <= 1) left_.notify_all();
  }
  void synchronize_while_reading() {
    std::unique_lock hold(lock_);
    if (kMended) --readers_;
    while (readers_ > 0) left_.wait(hold);
    if (kMended) ++readers_;
  }

 private:
  std::mutex lock_;
  std::condition_variable left_;
  int readers_ = 0;
};

template <bool kMended>
std::string free_while_reading() {
  ReadCopyUpdate<kMended> readers;
  std::atomic<bool> old_seen{false};
  side_by_side(
      [&] {
        readers.enter();
        // Only who meets the old version has to wait until it may be freed.
        if (old_seen) readers.synchronize_while_reading();
        readers.leave();
      },
      [&] {
        readers.enter();
        old_seen = true;
        readers.leave();
      });
  return "";
}

}  // namespace

constinit const Classic kDeleterRetires{
    .name = "reclamation/deleter_retires",
    .family = "reclamation",
    .mistake = "a deleter runs under the lock that it needs to retire another object",
    .kind = kind::kDeadlock,
    .says = "locks again what it holds",
    .preemptions = 0,
    .body = delete_one_retires_another<false>,
    .mended = delete_one_retires_another<true>,
};

constinit const Classic kWaitsForItself{
    .name = "reclamation/waits_for_itself",
    .family = "reclamation",
    .mistake = "a reader waits until nobody reads",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 0,
    .body = free_while_reading<false>,
    .mended = free_while_reading<true>,
};

}  // namespace weft::scenarios::specimens::reclamation
