// Six threads come to a barrier for five: five go on, the sixth begins a round of its own.
#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 6;

template <int kParties>
std::string meet() {
  Barrier barrier(kParties);
  annotate::named(&barrier, "meeting point");
  together(kThreads, [&](int) { barrier.wait(); });
  return "";
}

}  // namespace

constinit const Specimen kSixThreadsOnFive{
    .row = "000-3",
    .name = "waits_for_nobody/six_threads_on_five",
    .mistake = "one thread more than the barrier has parties: it waits for a round of four more",
    .kind = kind::kHang,
    .deadlock = "waits for Barrier 'meeting point'",
    .body = meet<kThreads - 1>,
    .mended = meet<kThreads>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
