#include "stress/linearize/calls.h"

#include <algorithm>
#include <string>

#include "primitives/base/errors.h"

namespace weft::linearize::internal {
namespace {

[[noreturn]] void refuse(Place place, const char* what) {
  throw ValueError("history: operation " + std::to_string(place.index) + " of thread " +
                   std::to_string(place.thread) + " " + what);
}

}  // namespace

void Calls::assign(const History& history) {
  lay_out(history);
  if (history.known.empty()) {
    check_times(history);
    require_by_time();
  } else {
    require_known(history);
    check_known();
  }
  estimate();
}

void Calls::lay_out(const History& history) {
  calls_.clear();
  begins_.assign(1, 0);
  for (unsigned thread = 0; thread < history.threads.size(); ++thread) {
    const auto& operations = history.threads[thread];
    for (std::size_t i = 0; i < operations.size(); ++i) {
      calls_.push_back({.operation = &operations[i], .place = {thread, i}});
    }
    begins_.push_back(static_cast<std::uint32_t>(calls_.size()));
  }
  required_.assign(calls_.size() * threads(), 0);
}

void Calls::require_by_time() {
  for (unsigned thread = 0; thread < threads(); ++thread) {
    for (unsigned other = 0; other < threads(); ++other) {
      if (other == thread) continue;
      // Times only grow along a thread.
      std::uint32_t before = 0;
      for (std::uint32_t call = begin(thread); call < begin(thread + 1); ++call) {
        while (before < count(other) && calls_[begin(other) + before].operation->returned <
                                            calls_[call].operation->invoked) {
          ++before;
        }
        required_[std::size_t{call} * threads() + other] = before;
      }
    }
  }
}

void Calls::require_known(const History& history) {
  if (history.known.size() != threads()) {
    throw ValueError("history: what is known is of another number of threads");
  }
  for (std::uint32_t call = 0; call < calls_.size(); ++call) {
    const Place place = calls_[call].place;
    const auto& known = history.known[place.thread];
    if (known.size() != count(place.thread)) {
      refuse(place, "is of a thread for which another number of operations is known");
    }
    if (known[place.index].size() != threads()) refuse(place, "does not know of every thread");
    for (unsigned other = 0; other < threads(); ++other) {
      if (other == place.thread) continue;
      required_[std::size_t{call} * threads() + other] = known[place.index][other];
    }
  }
}

void Calls::check_known() const {
  for (std::uint32_t call = 0; call < calls_.size(); ++call) {
    const Place place = calls_[call].place;
    const std::uint32_t* const mine = required(call);
    const bool first = place.index == 0;
    if (!first && calls_[call - 1].operation->end != End::kReturned) {
      refuse(place, "comes behind one of its thread that did not return");
    }
    for (unsigned other = 0; other < threads(); ++other) {
      if (!first && mine[other] < required(call - 1)[other]) {
        refuse(place, "comes after less than the one before it does");
      }
      if (mine[other] == 0) continue;
      if (mine[other] > count(other)) refuse(place, "comes after more than there is");
      const std::uint32_t last = begin(other) + mine[other] - 1;
      if (calls_[last].operation->end != End::kReturned) {
        refuse(place, "comes after one that did not return");
      }
      const std::uint32_t* const its = required(last);
      if (its[place.thread] > place.index) refuse(place, "comes before itself");
      for (unsigned third = 0; third < threads(); ++third) {
        if (third != place.thread && third != other && its[third] > mine[third]) {
          refuse(place, "does not come after what came before what came before it");
        }
      }
    }
  }
}

void Calls::estimate() {
  for (std::uint32_t call = 0; call < calls_.size(); ++call) {
    std::int64_t when =
        static_cast<std::int64_t>(calls_[call].place.index) * 2 - count(calls_[call].place.thread);
    for (unsigned other = 0; other < threads(); ++other) when += required(call)[other];
    calls_[call].when = when;
  }
  for (unsigned thread = 0; thread < threads(); ++thread) {
    for (unsigned other = 0; other < threads(); ++other) {
      if (other == thread) continue;
      std::uint32_t next = begin(other);  // the first that comes behind the call
      for (std::uint32_t call = begin(thread); call < begin(thread + 1); ++call) {
        while (next < begin(other + 1) && required(next)[thread] <= call - begin(thread)) ++next;
        calls_[call].when -= begin(other + 1) - next;
      }
    }
  }
}

void Calls::assign_part(const Calls& all, std::span<const std::uint32_t> members) {
  calls_.clear();
  begins_.assign(1, 0);
  std::size_t at = 0;
  for (unsigned thread = 0; thread < all.threads(); ++thread) {
    for (; at < members.size() && members[at] < all.begin(thread + 1); ++at) {
      calls_.push_back(all[members[at]]);
    }
    begins_.push_back(static_cast<std::uint32_t>(calls_.size()));
  }
  required_.assign(calls_.size() * threads(), 0);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const unsigned own = calls_[i].place.thread;
    for (unsigned other = 0; other < threads(); ++other) {
      if (other == own) continue;
      // Of the members that are the other's, how many are among its first calls.
      const auto first = members.begin() + begin(other);
      const auto end = members.begin() + begin(other + 1);
      const std::uint32_t bound = all.begin(other) + all.required(members[i])[other];
      required_[i * threads() + other] =
          static_cast<std::uint32_t>(std::lower_bound(first, end, bound) - first);
    }
  }
}

}  // namespace weft::linearize::internal
