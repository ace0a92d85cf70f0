// A value of two halves is written under a lock and read without it.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kTurns = 20;

struct Value {
  long low = 0;
  long high = 0;  // the same as low, but for the moment of a change
};

template <bool kReaderLocks>
std::string write_and_read() {
  Lock lock;
  Value value;
  Value torn;
  const auto write = [&] {
    for (int turn = 1; turn <= kTurns; ++turn) {
      std::scoped_lock hold(lock);
      value.low = turn;
      annotate::point("between the halves");
      value.high = turn;
    }
  };
  const auto read = [&] {
    for (int turn = 1; turn <= kTurns; ++turn) {
      std::unique_lock hold(lock, std::defer_lock);
      if (kReaderLocks) hold.lock();
      Value seen;
      seen.low = value.low;
      annotate::point("between the halves");
      seen.high = value.high;
      if (seen.low != seen.high) torn = seen;
    }
  };
  together({write, read});
  if (torn.low == torn.high) return "";
  return "the reader saw the halves " + std::to_string(torn.low) + " and " +
         std::to_string(torn.high);
}

}  // namespace

constinit const Specimen kTornReader{
    .row = "004-4",
    .name = "lost_update/torn_reader",
    .mistake = "the writer takes the lock, the reader does not: it meets a half-written value",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = write_and_read<false>,
    .mended = write_and_read<true>,
};

}  // namespace weft::scenarios::specimens::lost_update
