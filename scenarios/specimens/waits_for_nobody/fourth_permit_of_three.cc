// One thread acquires a semaphore of three permits four times and gives back none in between.
#include "primitives/annotate.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kPermits = 3;

template <int kTaken>
std::string acquire_and_release() {
  Semaphore semaphore(kPermits);
  annotate::named(&semaphore, "three permits");
  together(1, [&](int) {
    for (int i = 0; i < kTaken; ++i) semaphore.acquire();
    for (int i = 0; i < kTaken; ++i) semaphore.release();
  });
  return unless_equal("semaphore", semaphore.value(), kPermits);
}

}  // namespace

constinit const Specimen kFourthPermitOfThree{
    .row = "001-9",
    .name = "waits_for_nobody/fourth_permit_of_three",
    .mistake = "a thread takes one permit more than there are and waits for itself",
    .kind = kind::kHang,
    .deadlock = "waits for Semaphore 'three permits'",
    .body = acquire_and_release<kPermits + 1>,
    .mended = acquire_and_release<kPermits>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
