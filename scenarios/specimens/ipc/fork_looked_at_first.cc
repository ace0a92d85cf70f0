// Forks that are taken by looking whether they are free and then taking them, in two steps. The
// order is right, so nobody waits for ever: two processes may have one fork.
#include <thread>

#include "primitives/ipc/value.h"
#include "scenarios/avoidance/global_order.h"
#include "scenarios/specimens/deadlock/looked_at_first.h"
#include "scenarios/specimens/ipc/dinner.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {
namespace {

void between() { std::this_thread::yield(); }

template <bool kInOneStep>
using Fork = avoidance::LookedAtFirst<weft::ipc::RawValue<bool>, kInOneStep, between>;

}  // namespace

constinit const Specimen kForkLookedAtFirst{
    .row = "003-1a",
    .name = "ipc/fork_looked_at_first",
    .mistake = "a fork is taken after a look at whether it is free, in two steps",
    .kind = kind::kAssertion,
    .body = dinner<avoidance::GlobalOrder, 3, Fork<false>>,
    .mended = dinner<avoidance::GlobalOrder, 3, Fork<true>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
