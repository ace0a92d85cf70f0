// ObjectTable: what a manager holds, and who keeps it: leases, tickets and published names.
//
// Thread safety: every function from any thread.
// Invariants:     (I1) An object is held as long as a lease, a ticket or a name keeps it. What
//                      takes an object over, a claim or a find, gets its lease before it gives up
//                      the ticket; so it is kept by something at every instant.
//                 (I2) A ticket is claimed once, or expires.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "primitives/base/mutex.h"
#include "primitives/base/thread_annotations.h"
#include "primitives/manager/held_object.h"
#include "primitives/manager/wire.h"

namespace weft::ipc::detail {

class ObjectTable {
 public:
  using Clock = std::chrono::steady_clock;

  // All that take a reference leave it with the caller, who drops it when its lease has ended.
  ObjectName add(std::shared_ptr<HeldObject> object);
  // Throw NoSuchObjectError.
  ObjectName find(const std::string& name);
  ObjectName claim(Token ticket);
  void drop(std::uint64_t id);

  // Null if it is not held any more.
  std::shared_ptr<HeldObject> get(std::uint64_t id) const;
  std::vector<std::shared_ptr<HeldObject>> all() const;
  std::uint64_t size() const;

  // Throw NoSuchObjectError; ValueError for a name that is taken.
  void publish(const std::string& name, std::uint64_t id);
  void unpublish(const std::string& name);
  Token issue_ticket(std::uint64_t id, Clock::duration life);
  // Drops what has expired. When the next one will, or max().
  Clock::time_point expire(Clock::time_point now);

 private:
  struct Entry {
    std::shared_ptr<HeldObject> object;
    std::uint64_t keepers = 0;
  };
  struct Ticket {
    std::uint64_t id;
    Clock::time_point end;
  };

  Entry& entry(std::uint64_t id) WEFT_REQUIRES(mutex_);
  ObjectName keep(std::uint64_t id) WEFT_REQUIRES(mutex_);
  // What is to be destroyed, without the mutex.
  [[nodiscard]] std::shared_ptr<HeldObject> let_go(std::uint64_t id) WEFT_REQUIRES(mutex_);

  mutable weft::internal::Mutex mutex_;
  std::map<std::uint64_t, Entry> entries_ WEFT_GUARDED_BY(mutex_);
  std::map<std::string, std::uint64_t> names_ WEFT_GUARDED_BY(mutex_);
  std::map<Token, Ticket> tickets_ WEFT_GUARDED_BY(mutex_);
  std::uint64_t last_ WEFT_GUARDED_BY(mutex_) = 0;
};

}  // namespace weft::ipc::detail
