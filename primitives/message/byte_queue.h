// ByteQueue: messages of bytes through a Ring. What the queues between processes are made of.
//
// Thread safety: every function from any thread of any process that has a copy.
// Invariants:     (I1) A message that was put is got once, in the order of puts, or was being
//                      got by a process that has ended. Messages of one that ended inside put()
//                      are got whole or not at all.
//                 (I2) A process that has ended, wherever, holds nobody up for longer than about
//                      50 ms (shared_futex.h).
// Memory ordering: what a process did before put() is done when get() returns its message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "primitives/base/deadline.h"
#include "primitives/message/ring.h"

namespace weft::ipc::detail {

// Where get() puts a message.
class Sink {
 public:
  virtual ~Sink() = default;
  // A message of `total` bytes begins, also after one that was given up.
  virtual void begin(std::size_t total) = 0;
  // Where its next bytes go, at most `most`. Takes memory only in proportion to what has come.
  virtual std::span<std::byte> next(std::size_t most) = 0;
};

// Bytes of one message; short ones need no memory of their own.
class Message final : public Sink {
 public:
  void begin(std::size_t total) override;
  std::span<std::byte> next(std::size_t most) override;
  std::span<const std::byte> bytes() const { return {data(), size_}; }

 private:
  static constexpr std::size_t kInside = 512;
  std::byte* data() { return outside_ ? outside_.get() : inside_; }
  const std::byte* data() const { return outside_ ? outside_.get() : inside_; }

  std::size_t size_ = 0;
  std::size_t total_ = 0;
  std::size_t capacity_ = kInside;
  std::unique_ptr<std::byte[]> outside_;
  std::byte inside_[kInside];
};

class ByteQueue {
 public:
  // At most `maximum` messages, if it is not 0, and about `bytes` bytes. Throws ValueError for
  // numbers that are too large.
  ByteQueue(std::size_t maximum, std::size_t bytes);

  // A message of two parts. False if there was no room in time; nothing was put then.
  bool put(std::span<const std::byte> head, std::span<const std::byte> body,
           const Deadline& deadline);
  // False if there was nothing in time. Throws CorruptQueueError, and what `sink` throws.
  bool get(Sink& sink, const Deadline& deadline);

  std::size_t size() const;
  bool empty() const;
  bool full() const;
  std::size_t maximum() const { return maximum_; }
  std::uint64_t torn() const { return ring_->torn; }

  // False, and nothing has happened, if as many were done as were put.
  bool task_done();
  std::size_t unfinished() const;
  // False if some are unfinished in time.
  bool join(const Deadline& deadline);

  const void* shared_address() const { return ring_.get(); }
  Ring& ring_for_test() { return *ring_; }

 private:
  class Waiting;

  // The get side's and the put side's words at one moment.
  std::pair<Place, Place> both() const;
  bool lock_put(const Deadline& deadline, std::uint32_t units);
  bool lock_get(const Deadline& deadline);
  bool has_room(Place get, Place put, std::uint32_t units) const;
  // The caller holds the side's lock. False if it is out of time.
  bool wait_for_room(std::uint32_t units, bool begins, const Deadline& deadline);
  bool wait_for_frame(Place at, const Deadline& deadline);
  template <class Come>
  bool await_other(Side& mine, const Side& other, std::uint32_t mark, const Come& come,
                   const Deadline& deadline);
  void put_frame(std::span<const std::byte> head, std::span<const std::byte> body, FrameHead frame);
  void copy_frame(Place at, std::size_t bytes, Sink& sink) const;
  void drop_unfinished();
  void wake_joiners();
  void take_back(Place begin);
  void drop_if_its_putter_died();
  FrameHead checked_head(Place at, Place put) const;
  bool get_message(Sink& sink, const Deadline& deadline);
  void commit(Side& side, Place place, Side& other);

  std::shared_ptr<Ring> ring_;
  // Constant, and this process's own: what the ring says of itself is not believed.
  std::size_t maximum_;
  std::uint32_t units_;
};

}  // namespace weft::ipc::detail
