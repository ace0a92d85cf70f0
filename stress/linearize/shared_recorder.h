// The recorder for processes: what each of them calls and gets, in memory that they share, so that
// it outlives whoever is killed. The call in which a process was killed is a pending one.
//
//   SharedRecorder recorder(4, 100);                       // before the fork
//   recorder.call(lane, kPut, item, [&] { queue.put(item); });   // in a child, with its own lane
//   const Judgement judgement = judge(model, recorder.history());  // when they have ended
//
// Thread safety: a lane by one thread of one process; history() when nobody is in a call any more:
// each process has ended, and was waited for.
// Invariants:     (I1) what came before what is never claimed wrongly: a call is marked as begun
//                      before it does anything, and as returned after all that it did has taken
//                      effect for every other process.
//                 (I2) whenever a process is killed, each of its calls but the last has returned.
// Non-invariants: that a call which has returned is marked so: a process may be killed in between.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

#include "stress/linearize/convert.h"
#include "stress/linearize/history.h"

namespace weft::linearize {

class SharedRecorder {
 public:
  // So many processes, and so many calls of each. Throws std::system_error without memory.
  SharedRecorder(unsigned lanes, std::size_t calls);
  SharedRecorder(const SharedRecorder&) = delete;
  SharedRecorder& operator=(const SharedRecorder&) = delete;

  // False once the lane has no room for another call.
  bool has_room(unsigned lane) const;

  // Calls `function()`, which returns nothing, a truth value or an integer, or an optional one, and
  // notes what it gives or throws. Throws ValueError if there is no room.
  template <class F>
  auto call(unsigned lane, unsigned operation, std::optional<std::int64_t> argument, F function) {
    using Result = std::invoke_result_t<F>;
    invoke(lane, operation, argument);
    try {
      if constexpr (std::is_void_v<Result>) {
        function();
        returns(lane, Value());
      } else {
        Result result = function();
        returns(lane, to_value(result));
        return result;
      }
    } catch (const std::exception&) {
      returns(lane, thrown_now());
      throw;
    }
  }

  // With call()'s arguments, for what is no function.
  void invoke(unsigned lane, unsigned operation, std::optional<std::int64_t> argument = {});
  void returns(unsigned lane, const Value& result);

  History history() const;

 private:
  struct Slot;
  struct Lane;
  Lane& lane_at(unsigned lane) const;
  Slot& slot_at(unsigned lane, std::size_t place) const;

  const unsigned lanes_;
  const std::size_t calls_;
  const std::shared_ptr<void> memory_;
};

}  // namespace weft::linearize
