// Turns are semaphores, and ping hands the turn over twice: a lock would refuse the second release,
// a semaphore stores it.
#include "scenarios/specimens/order/order.h"
#include "scenarios/specimens/order/ping_pong.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kRounds = 5;
constexpr int kFirstRound = 0;
constexpr int kNever = -1;

template <int kDoubleRelease>
std::string play() {
  return judge_ping_pong(play_ping_pong(kRounds, 0, kDoubleRelease));
}

}  // namespace

constinit const Specimen kDoubleRelease{
    .row = "003-3",
    .name = "order/double_release",
    .mistake =
        "a semaphore in place of a lock keeps a second release, and pong plays twice in a row",
    .kind = kind::kAssertion,
    .body = play<kFirstRound>,
    .mended = play<kNever>,
};

}  // namespace weft::scenarios::specimens::order
