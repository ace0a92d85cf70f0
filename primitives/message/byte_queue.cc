#include "primitives/message/byte_queue.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "primitives/base/spin.h"
#include "primitives/message/capacity.h"
#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {
namespace {

using internal::BoundedWait;
using internal::low_half;
using internal::RobustWord;

constexpr std::uint32_t kLeastUnits = 16;
constexpr std::size_t kMostBytes = std::size_t{1} << 34;
// A long message goes in pieces of a quarter of the ring, or fewer: its getter copies one out while
// its putter copies the next one in.
constexpr std::uint32_t kPiecesInRing = 4;

[[noreturn]] void corrupt(const char* what) {
  throw CorruptQueueError(std::string("Queue: its shared memory was overwritten: ") + what);
}

}  // namespace

void Message::begin(std::size_t total) {
  size_ = 0;
  total_ = total;
}

std::span<std::byte> Message::next(std::size_t most) {
  const std::size_t before = size_;
  if (before + most > capacity_) {
    const std::size_t capacity = capacity_for(before + most, total_, capacity_);
    auto memory = std::make_unique_for_overwrite<std::byte[]>(capacity);
    std::copy_n(data(), before, memory.get());
    outside_ = std::move(memory);
    capacity_ = capacity;
  }
  size_ = before + most;
  return {data() + before, most};
}

// Tells a harness what the calling thread waits for. Nobody holds a queue; the wait is over either
// way.
class ByteQueue::Waiting {
 public:
  Waiting(const void* queue, const char* kind, const Deadline& deadline)
      : queue_(queue), kind_(kind) {
    annotate::waiting(queue, kind);
    if (!deadline.is_never()) annotate::limited(queue);
  }
  ~Waiting() { annotate::released(queue_, kind_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  const void* const queue_;
  const char* const kind_;
};

ByteQueue::ByteQueue(std::size_t maximum, std::size_t bytes) : maximum_(maximum) {
  if (maximum > Place::kMessages / 2) {
    throw ValueError("Queue: a maximum of " + std::to_string(maximum) + " messages is too much");
  }
  if (bytes > kMostBytes) {
    throw ValueError("Queue: a ring of " + std::to_string(bytes) + " bytes is too large");
  }
  units_ = std::bit_ceil(std::max(kLeastUnits, static_cast<std::uint32_t>(units_of(bytes))));
  ring_ = make_ring(units_);
}

bool ByteQueue::has_room(Place get, Place put, std::uint32_t units) const {
  const std::uint32_t used = units_between(get, put);
  if (used > units_) corrupt("more is in it than fits");
  return units_ - used >= units;
}

std::pair<Place, Place> ByteQueue::both() const {
  for (;;) {
    const std::uint64_t get = ring_->get.word;
    const std::uint64_t put = ring_->put.word;
    // So both were so at the moment of the load in between.
    if (ring_->get.word == get) return {Place::of(get), Place::of(put)};
  }
}
std::size_t ByteQueue::size() const {
  const auto [get, put] = both();
  return messages_between(get, put);
}
bool ByteQueue::empty() const {
  const auto [get, put] = both();
  return units_between(get, put) == 0;
}
bool ByteQueue::full() const { return maximum_ != 0 && size() >= maximum_; }

void ByteQueue::commit(Side& side, Place place, Side& other) {
  side.word.store(place.word());
  annotate::point("ipc::Queue committed");
  wake(other.sleeps);
}

// Until `come(place of the other side)`. `mark` is what this side's `sleeps` says meanwhile.
template <class Come>
bool ByteQueue::await_other(Side& mine, const Side& other, std::uint32_t mark, const Come& come,
                            const Deadline& deadline) {
  const auto has_come = [&] {
    mine.other = other.word.load();
    return come(Place::of(mine.other));
  };
  if (has_come()) return true;
  if (deadline.has_passed()) return false;
  if (internal::spin_until(has_come)) return true;
  BoundedWait pause;
  for (;;) {
    mine.sleeps.store(mark);
    if (has_come()) break;
    if (deadline.has_passed()) {
      mine.sleeps.store(0);
      return false;
    }
    pause.wait(low_half(mine.sleeps), mark, deadline);
  }
  mine.sleeps.store(0);
  return true;
}

// Those who are out of time at once must not mistake the moment in which another one holds the lock
// for a queue that is full, or empty: they wait for the holder, unless it waits itself.
bool ByteQueue::lock_put(const Deadline& deadline, std::uint32_t units) {
  Side& side = ring_->put;
  Deadline until = deadline;
  while (!side.lock.lock_or_repair(until, kNothingToRepair)) {
    const auto [get, put] = both();
    if (maximum_ != 0 && messages_between(get, put) >= maximum_) return false;
    // The holder came first, and may wait for more.
    if (!has_room(get, put, std::max(units, std::min(side.sleeps.load(), units_)))) return false;
    until = Deadline::after(kGlance);
  }
  return true;
}
bool ByteQueue::lock_get(const Deadline& deadline) {
  Deadline until = deadline;
  while (!ring_->get.lock.lock_or_repair(until, kNothingToRepair)) {
    if (empty()) return false;
    until = Deadline::after(kGlance);
  }
  return true;
}

// The caller holds the put side. Its last message will not be finished.
void ByteQueue::drop_unfinished() {
  Place put = Place::of(ring_->put.word);
  put.unfinished = false;
  commit(ring_->put, put, ring_->get);
}

// The caller holds the put side, and has put pieces from `begin` on. If no getter is inside they
// are taken back, else it discards them.
void ByteQueue::take_back(Place begin) {
  if (!ring_->get.lock.lock_or_repair(Deadline::passed(), kNothingToRepair))
    return drop_unfinished();
  const RobustHold hold(ring_->get.lock);
  const Place get = Place::of(ring_->get.word);
  // One that has ended may have taken some of the pieces.
  const bool is_begun = units_between(begin, get) <= units_;
  begin.position = is_begun ? get.position : begin.position;
  ring_->get.other = begin.word();
  commit(ring_->put, begin, ring_->get);
}

// Called by a getter that waits for the next piece.
void ByteQueue::drop_if_its_putter_died() {
  RobustWord& lock = ring_->put.lock;
  if (!lock.lock_or_repair(Deadline::passed(), kNothingToRepair)) return;  // it lives
  const RobustHold hold(ring_->put.lock);
  if (Place::of(ring_->put.word).unfinished) drop_unfinished();
}

bool ByteQueue::wait_for_room(std::uint32_t units, bool begins, const Deadline& deadline) {
  const Place put = Place::of(ring_->put.word);
  const auto come = [&](Place get) {
    if (begins && maximum_ != 0 && messages_between(get, put) >= maximum_) return false;
    return has_room(get, put, units);
  };
  if (come(Place::of(ring_->put.other))) return true;
  return await_other(ring_->put, ring_->get, units, come, deadline);
}

void ByteQueue::put_frame(std::span<const std::byte> head, std::span<const std::byte> body,
                          FrameHead frame) {
  Place put = Place::of(ring_->put.word);
  write_head(*ring_, units_, put.position, frame);
  copy_in(*ring_, units_, put.position, kUnit, head);
  copy_in(*ring_, units_, put.position, kUnit + head.size(), body);
  annotate::point("ipc::Queue::put written");
  put.position += 1 + static_cast<std::uint32_t>(units_of(frame.bytes));
  put.unfinished = (frame.flags & FrameHead::kLast) == 0;
  if (!put.unfinished) put.messages = (put.messages + 1) & Place::kMessages;
  commit(ring_->put, put, ring_->get);
}

bool ByteQueue::put(std::span<const std::byte> head, std::span<const std::byte> body,
                    const Deadline& deadline) {
  const std::size_t total = head.size() + body.size();
  const std::size_t most = (units_ / kPiecesInRing - 1) * kUnit;  // of a piece
  const std::size_t pieces = total <= most ? 1 : (total + most - 1) / most;
  const std::size_t all = pieces + units_of(total);
  // Who has a limit does not begin what may not end in time, if it fits at all.
  const bool waits_for_all = pieces == 1 || (!deadline.is_never() && all <= units_);
  const auto needed = static_cast<std::uint32_t>(waits_for_all ? all : units_ / kPiecesInRing);

  if (all > units_ && deadline.has_passed()) return false;
  const Waiting waiting(ring_.get(), "ipc::Queue.put", deadline);
  if (!lock_put(deadline, needed)) return false;
  const RobustHold hold(ring_->put.lock);
  if (!wait_for_room(needed, true, deadline)) return false;
  const Place begin = Place::of(ring_->put.word);
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const std::size_t bytes = std::min(most, head.size() + body.size());
    const auto units = 1 + static_cast<std::uint32_t>(units_of(bytes));
    if (piece != 0 && !wait_for_room(units, false, deadline)) {
      take_back(begin);
      return false;
    }
    const std::uint16_t first = piece == 0 ? FrameHead::kFirst : 0;
    const std::uint16_t last = piece + 1 == pieces ? FrameHead::kLast : 0;
    const auto of_head = head.first(std::min(bytes, head.size()));
    const auto of_body = body.first(bytes - of_head.size());
    put_frame(of_head, of_body,
              {.total = total,
               .bytes = static_cast<std::uint32_t>(bytes),
               .flags = static_cast<std::uint16_t>(first | last),
               .mark = FrameHead::kMark});
    head = head.subspan(of_head.size());
    body = body.subspan(of_body.size());
  }
  return true;
}

bool ByteQueue::wait_for_frame(Place at, const Deadline& deadline) {
  const auto come = [&](Place put) {
    if (units_between(at, put) > units_) corrupt("more is in it than fits");
    return units_between(at, put) != 0;
  };
  if (come(Place::of(ring_->get.other))) return true;
  return await_other(ring_->get, ring_->put, 1, come, deadline);
}

FrameHead ByteQueue::checked_head(Place at, Place put) const {
  const FrameHead head = read_head(*ring_, units_, at.position);
  if (head.mark != FrameHead::kMark || head.flags > (FrameHead::kFirst | FrameHead::kLast)) {
    corrupt("no message begins where one should");
  }
  if (1 + units_of(head.bytes) > units_between(at, put)) {
    corrupt("a message is longer than what is there");
  }
  return head;
}

bool ByteQueue::get(Sink& sink, const Deadline& deadline) {
  const Waiting waiting(ring_.get(), "ipc::Queue.get", deadline);
  if (!lock_get(deadline)) return false;
  const RobustHold hold(ring_->get.lock);
  return get_message(sink, deadline);
}

void ByteQueue::copy_frame(Place at, std::size_t bytes, Sink& sink) const {
  for (std::size_t copied = 0; copied < bytes;) {
    const std::span<std::byte> to = sink.next(bytes - copied);
    copy_out(*ring_, units_, at.position, kUnit + copied, to);
    copied += to.size();
  }
}

bool ByteQueue::get_message(Sink& sink, const Deadline& deadline) {
  std::size_t total = 0;
  std::size_t received = 0;
  bool is_inside = false;    // a message of which a piece was received
  bool is_skipping = false;  // one of which a piece was received by a process that has ended
  for (;;) {
    Place at = Place::of(ring_->get.word);
    const bool in_message = is_inside || is_skipping;
    if (!wait_for_frame(at, in_message ? Deadline::after(kGlance) : deadline)) {
      if (!in_message) return false;
      const Place put = Place::of(ring_->put.word);
      if (put.unfinished) {
        drop_if_its_putter_died();
      } else if (units_between(at, put) == 0) {
        ++ring_->torn;
        is_inside = is_skipping = false;
      }
      continue;
    }
    const FrameHead head = checked_head(at, Place::of(ring_->get.other));
    const bool is_last = (head.flags & FrameHead::kLast) != 0;
    if ((head.flags & FrameHead::kFirst) != 0) {
      if (in_message) ++ring_->torn;
      is_inside = true;
      is_skipping = false;
      received = 0;
      total = head.total;
      sink.begin(total);
    } else if (!is_inside) {
      if (!is_skipping) ++ring_->torn;
      is_skipping = true;
    }
    if (is_inside) {
      if (head.total != total || head.bytes > total - received ||
          is_last != (received + head.bytes == total)) {
        corrupt("the pieces of a message do not fit together");
      }
      copy_frame(at, head.bytes, sink);
      received += head.bytes;
    }
    annotate::point("ipc::Queue::get copied");
    at.position += 1 + static_cast<std::uint32_t>(units_of(head.bytes));
    if (is_last) at.messages = (at.messages + 1) & Place::kMessages;
    commit(ring_->get, at, ring_->put);
    if (is_last && is_inside) return true;
    if (is_last) is_skipping = false;
  }
}

bool ByteQueue::task_done() {
  std::uint32_t done = ring_->done;
  Place put;
  do {
    put = Place::of(ring_->put.word);
    if (done == put.messages) return false;
  } while (!ring_->done.compare_exchange_weak(done, (done + 1) & Place::kMessages));
  if (((done + 1) & Place::kMessages) == put.messages) wake_joiners();
  return true;
}

void ByteQueue::wake_joiners() {
  if (ring_->joiners.load() != 0 && ring_->joiners.exchange(0) != 0) {
    internal::wake_all_shared(low_half(ring_->joiners));
  }
}

std::size_t ByteQueue::unfinished() const {
  // done first: it never passes what was put by then.
  const std::uint32_t done = ring_->done;
  return (Place::of(ring_->put.word).messages - done) & Place::kMessages;
}

bool ByteQueue::join(const Deadline& deadline) {
  const Waiting waiting(ring_.get(), "ipc::JoinableQueue.join", deadline);
  BoundedWait pause;
  for (;;) {
    if (unfinished() == 0) return true;
    ring_->joiners.store(1);
    if (unfinished() == 0) {
      // The last task_done() may have taken the mark away before this thread set it anew; another
      // joiner, which looked before that, would sleep on it.
      wake_joiners();
      return true;
    }
    if (deadline.has_passed()) return false;
    pause.wait(low_half(ring_->joiners), 1, deadline);
  }
}

}  // namespace weft::ipc::detail
