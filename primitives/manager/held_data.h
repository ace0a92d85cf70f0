// The data that a manager holds: value, list, dict (and namespace), queue, all of bytes.
//
// Thread safety: every function from any thread.
// Invariants:     (I1) An update whose function throws changes nothing.
//                 (I2) A queue's item goes to one getter, or back to the front if it does not
//                      arrive there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "primitives/manager/held_object.h"

namespace weft::ipc::detail {

class HeldValue final : public HeldObject {
 public:
  HeldValue(std::string type, Bytes value)
      : HeldObject(Kind::kValue, std::move(type)), value_(std::move(value)) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;

 private:
  Bytes get(const Caller&);
  void set(const Caller&, Bytes value);
  Bytes update(const Caller& caller, std::uint64_t call, std::uint64_t function, Bytes arguments);

  Bytes value_ WEFT_GUARDED_BY(mutex_);
};

class HeldList final : public HeldObject {
 public:
  HeldList(std::string type, std::vector<Bytes> items)
      : HeldObject(Kind::kList, std::move(type)), items_(std::move(items)) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;

 private:
  Bytes get(const Caller&, std::uint64_t at);
  void set(const Caller&, std::uint64_t at, Bytes item);
  void append(const Caller&, std::vector<Bytes> items);
  void insert(const Caller&, std::uint64_t at, Bytes item);
  // Without a place: the last one.
  Bytes take(const Caller&, std::optional<std::uint64_t> at);
  std::uint64_t size(const Caller&);
  void clear(const Caller&);
  std::vector<Bytes> all(const Caller&);
  Bytes update(const Caller& caller, std::uint64_t call, std::uint64_t function, Bytes arguments);

  Bytes& at(std::uint64_t place) WEFT_REQUIRES(mutex_);

  std::vector<Bytes> items_ WEFT_GUARDED_BY(mutex_);
};

class HeldDict final : public HeldObject {
 public:
  using Item = std::pair<Bytes, Bytes>;
  HeldDict(Kind kind, std::string type, std::vector<Item> items)
      : HeldObject(kind, std::move(type)), items_(items.begin(), items.end()) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;

 private:
  std::optional<Bytes> find(const Caller&, Bytes key);
  void set(const Caller&, Bytes key, Bytes value);
  bool erase(const Caller&, Bytes key);
  std::optional<Bytes> take(const Caller&, Bytes key);
  std::uint64_t size(const Caller&);
  void clear(const Caller&);
  std::vector<Bytes> keys(const Caller&);
  std::vector<Item> all(const Caller&);
  // The state: key, value, key, value, ...
  Bytes update(const Caller& caller, std::uint64_t call, std::uint64_t function, Bytes arguments);
  Bytes update_item(const Caller& caller, Bytes key, std::uint64_t call, std::uint64_t function,
                    Bytes arguments);

  std::map<Bytes, Bytes> items_ WEFT_GUARDED_BY(mutex_);
};

class HeldQueue final : public HeldObject {
 public:
  // 0: without a maximum.
  HeldQueue(std::string type, std::uint64_t maximum)
      : HeldObject(Kind::kQueue, std::move(type)), maximum_(maximum) {}
  Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) override;
  bool hands_over(Op op) const override { return op == Op::kGet; }
  // Though it be full.
  void put_back(const Bytes& reply) override;

 private:
  bool put(const Caller& caller, Bytes item, Patience patience);
  std::optional<Bytes> get(const Caller& caller, Patience patience);
  std::uint64_t size(const Caller&);
  bool full(const Caller&);
  void task_done(const Caller&);
  bool join(const Caller& caller, Patience patience);

  bool is_full() const WEFT_REQUIRES(mutex_) { return maximum_ > 0 && items_.size() >= maximum_; }

  const std::uint64_t maximum_;
  std::deque<Bytes> items_ WEFT_GUARDED_BY(mutex_);
  std::uint64_t unfinished_ WEFT_GUARDED_BY(mutex_) = 0;
};

}  // namespace weft::ipc::detail
