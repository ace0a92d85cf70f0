// What goes wrong with a single word or two: a pair under a sequence lock that is counted once, a
// compare-exchange whose failure changes nothing (glibc, BZ 21778), a count of references that is
// looked at and believed, a number that comes round (JDK-8330017), a table that fills with what was
// erased (moodycamel, commit e4245f8).
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "scenarios/specimens/containers/containers.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::containers {
namespace {

// A writer counts before and after, so that an odd number says that it is in between.
template <bool kMended>
std::string read_pair() {
  std::atomic<unsigned> sequence{0};
  std::atomic<int> first{0}, second{0};
  bool whole = true;
  side_by_side(
      [&] {
        if (kMended) ++sequence;
        first = 1;
        second = 1;
        ++sequence;
      },
      [&] {
        const unsigned before = sequence;
        const int one = first, two = second;
        if (before == sequence && (!kMended || before % 2 == 0)) whole = one == two;
      });
  return unless(whole, "half of the pair is old");
}

template <bool kMended>
std::string add_by_compare_exchange() {
  std::atomic<int> sum{0};
  const auto add = [&] {
    int seen = sum;
    const int wanted = seen + 1;
    while (!sum.compare_exchange_strong(seen, kMended ? seen + 1 : wanted)) {
    }
  };
  side_by_side(add, add);
  return unless_equal("sum", sum, 2);
}

// A value of which others may get hold as long as somebody has it. Its only owner may write to it:
// if it makes sure that it stays the only one.
template <bool kMended>
std::string write_if_alone() {
  std::atomic<int> owners{1};
  std::atomic<int> value{0};
  bool unchanged = true;
  side_by_side(
      [&] {
        int alone = 1;
        if (kMended ? !owners.compare_exchange_strong(alone, 0) : owners != 1) return;
        value = 1;
        if (kMended) owners = 1;
      },
      [&] {
        int seen = owners;
        while (seen > 0 && !owners.compare_exchange_strong(seen, seen + 1)) {
        }
        if (seen == 0) return;
        const int before = value;
        unchanged = value == before;
        --owners;
      });
  return unless(unchanged, "the value changed while it had two owners");
}

// What was given out and what was done, in few bits. The mistake is to ask which is greater.
template <bool kMended>
std::string count_round() {
  std::mutex lock;
  std::condition_variable came;
  std::int8_t given = 127, done = 127;
  const auto is_left = [&] {
    return kMended ? static_cast<std::int8_t>(given - done) > 0 : given > done;
  };
  side_by_side(
      [&] {
        std::unique_lock hold(lock);
        while (!is_left()) came.wait(hold);
        ++done;
      },
      [&] {
        std::scoped_lock hold(lock);
        ++given;
        came.notify_all();
      });
  return "";
}

// Open addressing. An erased slot stays marked, so that a search goes on beyond it; who inserts may
// use it.
template <bool kMended>
class Table {
 public:
  bool insert(int key) {
    for (int i = 0; i < kSlots; ++i) {
      std::atomic<int>& slot = slots_[(key + i) % kSlots];
      int seen = slot;
      const bool usable = seen == kEmpty || (kMended && seen == kErased);
      if (usable && slot.compare_exchange_strong(seen, key)) return true;
    }
    return false;
  }
  void erase(int key) {
    for (auto& slot : slots_) {
      int seen = key;
      if (slot.compare_exchange_strong(seen, kErased)) return;
    }
  }

 private:
  static constexpr int kSlots = 3;
  static constexpr int kEmpty = -1;
  static constexpr int kErased = -2;
  std::array<std::atomic<int>, kSlots> slots_{kEmpty, kEmpty, kEmpty};
};

template <bool kMended>
std::string insert_and_erase() {
  Table<kMended> table;
  std::atomic<bool> found_room{true};
  crowd(2, [&](int i) {
    for (int turn = 0; turn < 2; ++turn) {
      // With a slot for each thread and one more a look over all of them may still find each taken
      // at its moment, but not twice.
      if (!table.insert(i) && !table.insert(i)) found_room = false;
      table.erase(i);
    }
  });
  return unless(found_room, "a table of three slots is full of at most two keys");
}

}  // namespace

constinit const Classic kCountedOnce{
    .name = "containers/counted_once",
    .family = "sequence_lock",
    .mistake = "the writer counts after it has written, and not before",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = read_pair<false>,
    .mended = read_pair<true>,
};

constinit const Classic kFailureChangesNothing{
    .name = "containers/failure_changes_nothing",
    .family = "counter",
    .mistake = "after a failed compare-exchange the value computed before is tried again",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = add_by_compare_exchange<false>,
    .mended = add_by_compare_exchange<true>,
};

constinit const Classic kAloneForAMoment{
    .name = "containers/alone_for_a_moment",
    .family = "reference_count",
    .mistake = "use_count() == 1 is believed after it was looked at",
    .kind = kind::kAssertion,
    .preemptions = 2,
    .body = write_if_alone<false>,
    .mended = write_if_alone<true>,
};

constinit const Classic kNumberComesRound{
    .name = "containers/number_comes_round",
    .family = "counter",
    .mistake = "of two numbers that come round the greater is not the later one",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 0,
    .body = count_round<false>,
    .mended = count_round<true>,
};

constinit const Classic kFullOfErased{
    .name = "containers/full_of_erased",
    .family = "table",
    .mistake = "slots of erased keys are never used again",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = insert_and_erase<false>,
    .mended = insert_and_erase<true>,
};

}  // namespace weft::scenarios::specimens::containers
