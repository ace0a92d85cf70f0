#include "stress/linearize/shared_recorder.h"

#include <string>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/ipc/shared_object.h"
#include "stress/linearize/clock.h"

namespace weft::linearize {
namespace {

// A value as processes can share it.
struct Plain {
  enum Kind : std::uint32_t { kNothing, kTruth, kInteger, kThrew };
  Kind kind;
  char type[36];  // of what was thrown
  std::int64_t number;
};

// Null if it is none of thrown()'s.
const std::string* thrown_type(const Value& value) {
  const auto* const list = value.get_if<Value::List>();
  const auto* const type =
      list != nullptr && !list->empty() ? list->back().get_if<std::string>() : nullptr;
  return type != nullptr && value == thrown(*type) ? type : nullptr;
}

Plain plain(const Value& value) {
  Plain plain{};
  if (const auto* truth = value.get_if<bool>()) {
    plain.kind = Plain::kTruth;
    plain.number = *truth ? 1 : 0;
  } else if (const auto* number = value.get_if<std::int64_t>()) {
    plain.kind = Plain::kInteger;
    plain.number = *number;
  } else if (const std::string* type = thrown_type(value)) {
    if (type->size() >= sizeof plain.type)
      throw ValueError("SharedRecorder: " + *type + " is long");
    plain.kind = Plain::kThrew;
    type->copy(plain.type, type->size());
  } else if (!value.is_nothing()) {
    throw ValueError("SharedRecorder: it has no room for " + value.text());
  }
  return plain;
}

Value value_of(const Plain& plain) {
  switch (plain.kind) {
    case Plain::kNothing:
      return {};
    case Plain::kTruth:
      return plain.number != 0;
    case Plain::kInteger:
      return plain.number;
    case Plain::kThrew:
      break;
  }
  return thrown(plain.type);
}

}  // namespace

struct SharedRecorder::Slot {
  std::uint64_t invoked;
  std::uint64_t returned;  // 0: not yet
  std::uint32_t operation;
  Plain argument;
  Plain result;
};

struct alignas(64) SharedRecorder::Lane {
  // How many calls have begun. Whoever reads it reads the slots of those that wrote them and are
  // dead: the wait for their end orders that.
  std::size_t begun;
};

SharedRecorder::SharedRecorder(unsigned lanes, std::size_t calls)
    : lanes_(lanes),
      calls_(calls),
      // All 0: nothing has begun.
      memory_(weft::internal::share_bytes(lanes * (sizeof(Lane) + calls * sizeof(Slot)))) {}

SharedRecorder::Lane& SharedRecorder::lane_at(unsigned lane) const {
  if (lane >= lanes_) throw ValueError("SharedRecorder: it has no lane " + std::to_string(lane));
  return static_cast<Lane*>(memory_.get())[lane];
}

SharedRecorder::Slot& SharedRecorder::slot_at(unsigned lane, std::size_t place) const {
  auto* const slots = reinterpret_cast<Slot*>(static_cast<Lane*>(memory_.get()) + lanes_);
  return slots[lane * calls_ + place];
}

bool SharedRecorder::has_room(unsigned lane) const { return lane_at(lane).begun < calls_; }

void SharedRecorder::invoke(unsigned lane, unsigned operation,
                            std::optional<std::int64_t> argument) {
  if (!has_room(lane)) {
    throw ValueError("SharedRecorder: lane " + std::to_string(lane) + " is full");
  }
  Lane& own = lane_at(lane);
  Slot& slot = slot_at(lane, own.begun);
  slot.operation = operation;
  slot.argument = argument ? plain(*argument) : Plain{};
  slot.invoked = now_ns();
  // A kill cannot come between these in another order than this one: the fence keeps it.
  fence();
  own.begun = own.begun + 1;
  fence();
}

void SharedRecorder::returns(unsigned lane, const Value& result) {
  fence();
  Slot& slot = slot_at(lane, lane_at(lane).begun - 1);
  slot.result = plain(result);
  fence();  // killed here, the call is pending
  slot.returned = now_ns();
}

History SharedRecorder::history() const {
  History history;
  for (unsigned lane = 0; lane < lanes_; ++lane) {
    auto& operations = history.threads.emplace_back();
    for (std::size_t place = 0; place < lane_at(lane).begun; ++place) {
      const Slot& slot = slot_at(lane, place);
      Operation operation{.function = slot.operation, .invoked = slot.invoked};
      if (slot.argument.kind != Plain::kNothing) {
        operation.arguments.push_back(value_of(slot.argument));
      }
      if (slot.returned == 0) {
        operation.end = End::kPending;
      } else {
        operation.result = value_of(slot.result);
        operation.returned = slot.returned;
      }
      operations.push_back(std::move(operation));
    }
  }
  order_by_time(history);
  return history;
}

}  // namespace weft::linearize
