// Kills a process at named points of an operation: where it enters a function, and where that has
// returned. For what is too long for a kill after every instruction, or takes part in what others
// do at the time; and the points say in a failure what the dead one was at.
//
//   const PointKills kills = kill_at_points<State>(
//       {.operation = [](State& s) { s.queue.put(7); }, .judge = ...},
//       {"weft::ipc::detail::copy_in", "weft::ipc::detail::ByteQueue::commit"});
//
// For each function, before it and after it, and each of the first times that the operation comes
// there, a new State is made, a child runs `operation` to that point and is killed, and `judge`
// looks, as kill_after_every_step.h says. The rest of the operation runs at its full speed, beside
// whatever processes the state has.
//
// Thread safety:  by one thread.
// Non-invariants: that a function has points: one that is inlined has none. `at` tells. What the
//                 subject has as `meanwhile` and `stride` is not used.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "stress/fault/breakpoints.h"
#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/single_step.h"

namespace weft::fault {

struct PointKills : Kills {
  std::map<std::string, std::size_t> at;  // of each function, how many
};

inline constexpr std::size_t kMostTimes = 3;

template <class State>
PointKills kill_at_points(const Subject<State>& subject,
                          const std::vector<std::string>& functions) {
  using At = Breakpoints::At;
  PointKills kills;
  for (const std::string& function : functions) {
    for (const At at : {At::kEntry, At::kReturn}) {
      for (std::size_t times = 1; times <= kMostTimes; ++times) {
        State state;
        SingleStep child(subject.prepare, [&] { subject.operation(state); });
        Breakpoints points(child.pid(), {function}, at);
        if (!child.run_to(points, times)) break;
        child.kill();
        if (kills.count++ % 2 == 0) child.wait();
        ++kills.at[function];
        judge(subject, state, kills,
              (at == At::kEntry ? "before " : "after ") + function + ", " + std::to_string(times));
      }
    }
  }
  return kills;
}

}  // namespace weft::fault
