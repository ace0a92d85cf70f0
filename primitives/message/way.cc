#include "primitives/message/way.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "primitives/base/spin.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/message/message_errors.h"
#include "primitives/message/packets.h"

namespace weft::ipc::detail {
namespace {

using internal::BoundedWait;
using internal::Descriptor;
using internal::low_half;

// Who waits for room is woken when there is much of it: one wake-up for many messages.
constexpr std::uint32_t kMuchRoom = kWayUnits / 4;

[[noreturn]] void corrupt(const char* what) {
  throw CorruptQueueError(std::string("Connection: its shared memory was overwritten: ") + what);
}

[[noreturn]] void refuse_to_send() {
  throw BrokenPipeError("Connection::send: every copy of the other end is closed");
}

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

// A clock that costs nothing; where there is none, the usual one, by the nanosecond. Its numbers
// may step back where a thread changes its processor: then it asks once more.
std::uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return static_cast<std::uint64_t>(Deadline::Clock::now().time_since_epoch().count());
#endif
}

std::uint32_t used_units(Place get, Place put) {
  const std::uint32_t used = units_between(get, put);
  if (used > kWayUnits) corrupt("more is in it than fits");
  return used;
}

}  // namespace

std::shared_ptr<Way> make_way() {
  std::shared_ptr<void> memory = internal::share_bytes(sizeof(Way) + ring_size(kWayUnits));
  Way* const way = new (memory.get()) Way;
  (void)make_ring_in(way + 1);
  return {std::move(memory), way};
}

bool is_other_end_gone(int socket) {
  pollfd polled{.fd = socket, .events = 0, .revents = 0};
  while (::poll(&polled, 1, 0) < 0) {
    if (errno != EINTR) fail("Connection: poll");
  }
  return (polled.revents & POLLHUP) != 0;
}

// The send side.

void Outgoing::tell_closed() {
  ++way_->closings;
  wake(way_->ring().get.sleeps);
}

void Outgoing::refuse_if_nobody_receives(int socket) {
  const std::uint32_t closings = way_->closings.load();
  const std::uint64_t now = ticks();
  // relaxed, here and below: a moment at which some thread of this process has asked. They order
  // nothing; an older value makes this thread ask once more.
  if (closings == closings_.load(std::memory_order_relaxed) &&
      now - asked_.load(std::memory_order_relaxed) < kUnaskedTicks) {
    return;
  }
  if (is_other_end_gone(socket)) refuse_to_send();
  // relaxed: as above.
  asked_.store(now, std::memory_order_relaxed);
  closings_.store(closings, std::memory_order_relaxed);
}

// The caller holds the put side.
void Outgoing::wait_for_room(int socket, std::uint32_t units) {
  Ring& ring = way_->ring();
  const Place put = Place::of(ring.put.word.load());
  const auto has_room = [&] {
    return kWayUnits - used_units(Place::of(ring.put.other), put) >= units;
  };
  const auto has_come = [&] {
    ring.put.other = ring.get.word.load();
    return has_room();
  };
  if (has_room() || has_come() || internal::spin_until(has_come)) return;
  BoundedWait pause;
  for (;;) {
    ring.put.sleeps.store(kMuchRoom);
    if (has_come()) break;
    if (is_other_end_gone(socket)) refuse_to_send();
    pause.wait(low_half(ring.put.sleeps), kMuchRoom, Deadline::never());
  }
  ring.put.sleeps.store(0);
}

// False, and nothing was sent, if messages go by the socket now.
bool Outgoing::publish(int socket, std::span<const std::byte> message, std::uint64_t& serial) {
  Way& way = *way_;
  Ring& ring = way.ring();
  (void)ring.put.lock.lock_or_repair(Deadline::never(), kNothingToRepair);
  const RobustHold hold(ring.put.lock);
  if (way.mode.load() != Way::kRing) return false;
  refuse_if_nobody_receives(socket);

  const bool is_long = message.size() > kSmall;
  const internal::OwnerId me = is_long ? internal::this_owner() : internal::kNobody;
  const std::span<const std::byte> content = is_long ? std::as_bytes(std::span(&me, 1)) : message;
  const auto units = 1 + static_cast<std::uint32_t>(units_of(content.size()));
  wait_for_room(socket, units);

  Place put = Place::of(ring.put.word.load());
  serial = std::uint64_t{1} << 32 | put.position;
  write_head(ring, kWayUnits, put.position,
             {.total = message.size(),
              .bytes = static_cast<std::uint32_t>(content.size()),
              .flags = static_cast<std::uint16_t>(is_long ? FrameHead::kFirst
                                                          : FrameHead::kFirst | FrameHead::kLast),
              .mark = FrameHead::kMark});
  copy_in(ring, kWayUnits, put.position, kUnit, content);
  put.position += units;
  put.messages = (put.messages + 1) & Place::kMessages;
  ring.put.word.store(put.word());
  wake(ring.get.sleeps);
  return true;
}

void Outgoing::send(int socket, std::span<const std::byte> message, std::size_t& piece) {
  Way& way = *way_;
  std::uint64_t serial = 0;
  const bool is_long = message.size() > kSmall;
  if (!is_long && way.mode.load() != Way::kSocket && publish(socket, message, serial)) return;
  (void)way.on_socket.lock_or_repair(Deadline::never(), kNothingToRepair);
  const RobustHold hold(way.on_socket);
  if (is_long && publish(socket, message, serial)) {
    send_pieces(socket, message, serial, piece);
  } else {
    send_message(socket, message, piece);
  }
}

// The receive side.

void Incoming::tell_closed() {
  bell_.reset();
  ++way_->closings;
  wake(way_->ring().put.sleeps);
}

bool Incoming::has_frame(bool look) {
  Ring& ring = way_->ring();
  const Place at = Place::of(ring.get.word.load());
  if (look) ring.get.other = ring.put.word.load();
  return used_units(at, Place::of(ring.get.other)) != 0;
}

// False if a sender is inside, or there is a frame.
bool Incoming::finish_switch(const Deadline& deadline) {
  Way& way = *way_;
  internal::RobustWord& lock = way.ring().put.lock;
  if (!lock.lock_or_repair(deadline, kNothingToRepair)) return false;
  const RobustHold hold(lock);
  if (has_frame(true)) return false;
  way.mode.store(Way::kSocket);
  return true;
}

Incoming::Came Incoming::await(int socket, const Deadline& deadline) {
  if (has_frame(false)) return Came::kFrame;
  Way& way = *way_;
  Ring& ring = way.ring();
  const auto has_come = [&] { return has_frame(true) || way.mode.load() != Way::kRing; };
  if (!has_come() && !deadline.has_passed()) (void)internal::spin_until(has_come);
  BoundedWait pause;
  for (;;) {
    if (has_frame(true)) return Came::kFrame;
    const std::uint32_t mode = way.mode.load();
    if (mode != Way::kRing) {
      // A sender that is inside cannot wait for room for long: the ring was empty. It is looked at
      // again all the same, as several may have come since.
      const bool may_wait = !deadline.has_passed();
      if (mode == Way::kSocket ||
          finish_switch(may_wait ? Deadline::after(kGlance) : Deadline::passed())) {
        lower_bell();
        return Came::kSocket;
      }
      if (!may_wait) return has_frame(true) ? Came::kFrame : Came::kOutOfTime;
      continue;
    }
    ring.get.sleeps.store(1);
    if (has_come()) continue;
    if (is_other_end_gone(socket)) {
      if (has_come()) continue;
      return Came::kEnd;
    }
    if (deadline.has_passed()) {
      ring.get.sleeps.store(0);
      return Came::kOutOfTime;
    }
    pause.wait(low_half(ring.get.sleeps), 1, deadline);
  }
}

std::size_t Incoming::take(std::span<std::byte> first, std::span<std::byte> spill,
                           std::optional<Announced>& announced) {
  Ring& ring = way_->ring();
  Place at = Place::of(ring.get.word.load());
  const FrameHead head = read_head(ring, kWayUnits, at.position);
  const auto units = 1 + units_of(head.bytes);
  if (head.mark != FrameHead::kMark || units > used_units(at, Place::of(ring.get.other))) {
    corrupt("no message begins where one should");
  }
  if (head.flags == (FrameHead::kFirst | FrameHead::kLast)) {
    if (head.total != head.bytes || head.bytes > kSmall) corrupt("a message has no right length");
    const std::size_t whole = std::min<std::size_t>(head.bytes, first.size());
    copy_out(ring, kWayUnits, at.position, kUnit, first.first(whole));
    copy_out(ring, kWayUnits, at.position, kUnit + whole, spill.first(head.bytes - whole));
  } else {
    internal::OwnerId sender;
    if (head.flags != FrameHead::kFirst || head.total <= kSmall || head.bytes != sizeof sender) {
      corrupt("a message is not announced as it should be");
    }
    copy_out(ring, kWayUnits, at.position, kUnit, std::as_writable_bytes(std::span(&sender, 1)));
    announced = {
        .total = head.total, .serial = std::uint64_t{1} << 32 | at.position, .sender = sender};
  }
  at.position += static_cast<std::uint32_t>(units);
  at.messages = (at.messages + 1) & Place::kMessages;
  ring.get.word.store(at.word());
  const std::uint32_t wanted = ring.put.sleeps.load();
  if (wanted != 0) {
    ring.get.other = ring.put.word.load();
    const std::uint32_t room = kWayUnits - used_units(at, Place::of(ring.get.other));
    if (room >= std::min(wanted, kWayUnits)) wake(ring.put.sleeps);
  }
  return head.total;
}

bool Incoming::is_under_way(const std::optional<Announced>& announced) const {
  // Of what comes by the socket alone the sender is not known; the next one that takes the lock
  // sends what is not expected, which ends the wait, too.
  const internal::OwnerId owner = way_->on_socket.owner();
  if (owner == internal::kNobody || (announced && owner != announced->sender)) return false;
  return internal::is_alive(owner);
}

void Incoming::make_bell(int socket) {
  Bell bell;
  bell.event.reset(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell.event) fail("Connection::fileno: eventfd");
  bell.both.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!bell.both) fail("Connection::fileno: epoll_create1");
  for (const int each : {socket, bell.event.get()}) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = each}};
    if (::epoll_ctl(bell.both.get(), EPOLL_CTL_ADD, each, &event) != 0) {
      fail("Connection::fileno: epoll_ctl");
    }
  }
  bell_ = std::move(bell);
}

void Incoming::lower_bell() {
  if (!bell_ || !bell_->is_up) return;
  std::uint64_t count;
  ssize_t got;
  do {
    got = ::read(bell_->event.get(), &count, sizeof count);
  } while (got < 0 && errno == EINTR);
  bell_->is_up = got < 0;  // once more the next time
}

int Incoming::descriptor(int socket) {
  Way& way = *way_;
  if (way.mode.load() != Way::kSocket) {
    if (!bell_ && has_frame(true)) make_bell(socket);  // before anything is changed: it may throw
    std::uint32_t ring = Way::kRing;
    if (way.mode.compare_exchange_strong(ring, Way::kSwitching)) wake(way.ring().get.sleeps);
    while (!has_frame(true) && !finish_switch(Deadline::after(kGlance))) {
    }
    if (way.mode.load() != Way::kSocket && !bell_) make_bell(socket);
  }
  if (way.mode.load() == Way::kSocket) lower_bell();
  return bell_ ? bell_->both.get() : socket;
}

}  // namespace weft::ipc::detail
