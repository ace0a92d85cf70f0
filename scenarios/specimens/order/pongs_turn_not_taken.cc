// Main forgets to take pong's turn before the game: pong may begin, or play twice in a row.
#include "scenarios/specimens/order/order.h"
#include "scenarios/specimens/order/ping_pong.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kRounds = 5;
constexpr int kNever = -1;

template <int kPermitsOfPong>
std::string play() {
  return judge_ping_pong(play_ping_pong(kRounds, kPermitsOfPong, kNever));
}

}  // namespace

constinit const Specimen kPongsTurnNotTaken{
    .row = "003-3",
    .name = "order/pongs_turn_not_taken",
    .mistake = "both turns are free at the start, so pong need not wait for ping",
    .kind = kind::kAssertion,
    .body = play<1>,
    .mended = play<0>,
};

}  // namespace weft::scenarios::specimens::order
