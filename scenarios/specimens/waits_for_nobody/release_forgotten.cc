// acquire; sum = sum + 1; and no release: the second thread waits for the first, which has ended.
#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 2;

template <bool kReleases>
std::string add() {
  Lock lock;
  annotate::named(&lock, "sum's lock");
  long sum = 0;
  together(kThreads, [&](int) {
    lock.acquire();
    sum = sum + 1;
    if (kReleases) lock.release();
  });
  return unless_equal("sum", sum, kThreads);
}

}  // namespace

constinit const Specimen kReleaseForgotten{
    .row = "000-2",
    .name = "waits_for_nobody/release_forgotten",
    .mistake = "the lock is never released",
    .kind = kind::kHang,
    .deadlock = "waits for Lock 'sum's lock' held by thread",
    .body = add<false>,
    .mended = add<true>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
