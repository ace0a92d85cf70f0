// Four threads wait at a barrier for five, without a time-out.
#include "primitives/annotate.h"
#include "primitives/threading/barrier.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kParties = 5;

template <int kThreads>
std::string meet() {
  Barrier barrier(kParties);
  annotate::named(&barrier, "five parties");
  together(kThreads, [&](int) { barrier.wait(); });
  return "";
}

}  // namespace

constinit const Specimen kPartyMissing{
    .row = "000-3",
    .name = "waits_for_nobody/party_missing",
    .mistake = "four threads come to a barrier for five, and nobody gave it a time-out",
    .kind = kind::kHang,
    .deadlock = "waits for Barrier 'five parties'",
    .body = meet<kParties - 1>,
    .mended = meet<kParties>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
