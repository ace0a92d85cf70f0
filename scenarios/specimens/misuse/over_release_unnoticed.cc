// A permit is released once too often. A bounded semaphore says so; a plain one has four permits
// from now on.
#include "primitives/base/errors.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

constexpr int kPermits = 3;

template <class AnySemaphore>
std::string release_once_more() {
  AnySemaphore semaphore(kPermits);
  try {
    semaphore.release();
  } catch (const ValueError&) {
    // The mistake is noticed, and changes nothing.
  }
  return unless_equal("semaphore", semaphore.value(), kPermits);
}

}  // namespace

constinit const Specimen kOverReleaseUnnoticed{
    .row = "001-9",
    .name = "misuse/over_release_unnoticed",
    .mistake = "a semaphore without a bound does not notice one release too many",
    .kind = kind::kAssertion,
    .body = release_once_more<Semaphore>,
    .mended = release_once_more<BoundedSemaphore>,
};

}  // namespace weft::scenarios::specimens::misuse
