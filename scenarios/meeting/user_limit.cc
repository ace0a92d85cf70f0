#include "scenarios/meeting/user_limit.h"

#include <stdexcept>
#include <string>

#include "primitives/threading/barrier.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/inside.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr int kLimit = 3;
constexpr int kUsers = 9;
static_assert(kUsers % kLimit == 0, "users leave in full groups");

void run(Transcript& out, const Pace& pace) {
  Semaphore s(kLimit);
  Inside inside;
  Barrier full(kLimit);
  together(kUsers, [&](int i) {
    try {
      const auto permit = s.acquire_permit();
      const int now = inside.enter();
      out.claim(now <= kLimit, "more users are inside than the limit says");
      full.wait();  // they leave when three have come: so three is reached in every run
      pace.pause(1);
      out.say("user " + std::to_string(i));
      inside.leave();
      if (i % 2 == 1) throw std::runtime_error("raised inside the block");
    } catch (const std::runtime_error&) {
    }
  });
  out.say("most at a time: " + std::to_string(inside.most()));
  out.say("permits at the end: " + std::to_string(s.value()));

  // Three wait for permits that come all at once.
  Semaphore none(0);
  Inside woken;
  together(kLimit + 1, [&](int i) {
    if (i == kLimit) return none.release(kLimit);
    none.acquire();
    woken.enter();
  });
  out.say("release(3) lets in: " + std::to_string(woken.most()));
}

std::string judge(const Lines& lines) {
  const Lines users = numbered("user ", 0, kUsers - 1);
  const Lines end = {"most at a time: 3", "permits at the end: 3", "release(3) lets in: 3"};
  if (std::string complaint = say_in_any_order(concatenated({users, end}), lines);
      !complaint.empty()) {
    return complaint;
  }
  return say_exactly(end, Lines(lines.begin() + kUsers, lines.end()));
}

}  // namespace

constinit const Scenario kUserLimit = {
    .row = "001-9",
    .target = "//scenarios/meeting:user_limit",
    .shows = "A semaphore of three lets in three users at a time.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
