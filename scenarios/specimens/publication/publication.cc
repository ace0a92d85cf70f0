// Data that is handed from one thread to another without an order that makes it visible. On an x86
// most of them never show a wrong value; they are data races all the same, and on another processor
// or by another compiler they are half-built objects.
#include "scenarios/specimens/publication/publication.h"

#include <atomic>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/publication/orders.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::publication {
namespace {

// A pointer that is stored or loaded without an order (Folly, commits 737ccb70 and 1c320bc9).
template <bool kStoreMended, bool kLoadMended>
std::string publish() {
  int value = 0;
  std::atomic<int*> shared{nullptr};
  int seen = 1;
  side_by_side(
      [&] {
        value = 1;
        shared.store(&value, kOrder<kStoreMended>);
      },
      [&] {
        if (int* const found = shared.load(kOrder<kLoadMended>)) seen = *found;
      });
  return unless_equal("value", seen, 1);
}

// Each thread leaves its part and counts down; the last one adds the parts up (Folly, d8ed9cd2).
template <bool kMended>
std::string latch() {
  int parts[2] = {};
  int sum = 2;
  std::atomic<int> left{2};
  crowd(2, [&](int i) {
    parts[i] = 1;
    if (left.fetch_sub(1, kOrder<kMended>) == 1) sum = parts[0] + parts[1];
  });
  return unless_equal("sum", sum, 2);
}

// A block goes back to a list and is filled anew by another thread: nothing says that its last
// reader is done (moodycamel, commit 0d54c67).
template <bool kMended>
std::string use_block_again() {
  int block = 1;
  int seen = 1;
  std::atomic<int*> free_block{nullptr};
  side_by_side(
      [&] {
        seen = block;
        free_block.store(&block, kOrder<kMended>);
      },
      [&] {
        if (int* const found = free_block.exchange(nullptr, kOrder<kMended>)) *found = 2;
      });
  return unless_equal("value", seen, 1);
}

// Who does not get the place takes what is there, which its failed compare-exchange has to make
// visible (moodycamel, commit 85775ec).
template <bool kMended>
std::string loser_reads() {
  int values[2] = {};
  std::atomic<int> taken{0};
  std::atomic<bool> right{true};
  crowd(2, [&](int i) {
    values[i] = 1;
    int winner = 0;
    if (!taken.compare_exchange_strong(winner, i + 1, std::memory_order_seq_cst, kOrder<kMended>)) {
      if (values[winner - 1] != 1) right = false;
    }
  });
  return unless(right, "the winner's value is not there");
}

// The pair under a sequence lock is no atomic data, and a reader that will throw away what it reads
// reads it nevertheless.
template <bool kMended>
std::string plain_pair() {
  std::atomic<unsigned> sequence{0};
  int plain = 0;
  std::atomic<int> careful{0};
  int seen = 0;
  side_by_side(
      [&] {
        ++sequence;
        kMended ? void(careful = 1) : void(plain = 1);
        ++sequence;
      },
      [&] {
        const unsigned before = sequence;
        const int read = kMended ? careful.load() : plain;
        if (before == sequence && before == 2) seen = read;
      });
  return unless(seen == 0 || seen == 1, "a value that nobody wrote");
}

// A spin lock's release without an order: the next holder need not see what this one wrote.
template <bool kMended>
std::string unlock_without_order() {
  std::atomic<bool> held{false};
  int sum = 0;
  const auto add = [&] {
    if (held.exchange(true)) return;  // somebody else does
    ++sum;
    held.store(false, kOrder<kMended>);
  };
  side_by_side(add, add);
  return unless(sum > 0, "nobody has added");
}

// "Double-checked locking" of a plain pointer: the first look races with the store.
template <bool kMended>
std::string check_twice() {
  int value = 0;
  std::atomic<bool> careful{false};
  bool plain = false;
  std::atomic<bool> lock{false};
  std::atomic<bool> right{true};
  const auto ready = [&] { return kMended ? careful.load() : plain; };
  const auto use = [&] {
    if (!ready()) {
      if (lock.exchange(true)) return;  // somebody else makes it
      if (!ready()) {
        value = 1;
        kMended ? void(careful = true) : void(plain = true);
      }
      lock = false;
    }
    if (value != 1) right = false;
  };
  side_by_side(use, use);
  return unless(right, "a value is used that was not made yet");
}

}  // namespace

constinit const Classic kRelaxedStore{
    .name = "publication/relaxed_store",
    .family = "publication",
    .mistake = "a pointer is stored without an order that brings along what it points to",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = publish<false, true>,
    .mended = publish<true, true>,
};

constinit const Classic kRelaxedLoad{
    .name = "publication/relaxed_load",
    .family = "publication",
    .mistake = "a pointer is loaded without an order that brings along what it points to",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = publish<true, false>,
    .mended = publish<true, true>,
};

constinit const Classic kLatchWithoutOrder{
    .name = "publication/latch_without_order",
    .family = "publication",
    .mistake = "a latch counts down without telling the last one what the others did",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = latch<false>,
    .mended = latch<true>,
};

constinit const Classic kBlockUsedAgain{
    .name = "publication/block_used_again",
    .family = "publication",
    .mistake = "a block is filled anew and nothing says that its last reader is done",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = use_block_again<false>,
    .mended = use_block_again<true>,
};

constinit const Classic kLoserReads{
    .name = "publication/loser_reads",
    .family = "publication",
    .mistake = "a failed compare-exchange has no order, and what it found is followed",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = loser_reads<false>,
    .mended = loser_reads<true>,
};

constinit const Classic kPlainPair{
    .name = "publication/plain_pair",
    .family = "sequence_lock",
    .mistake = "data under a sequence lock are read and written as if they were under a lock",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = plain_pair<false>,
    .mended = plain_pair<true>,
};

constinit const Classic kUnlockWithoutOrder{
    .name = "publication/unlock_without_order",
    .family = "publication",
    .mistake = "a lock is let go without an order for the next one who takes it",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = unlock_without_order<false>,
    .mended = unlock_without_order<true>,
};

constinit const Classic kPlainFlag{
    .name = "publication/plain_flag",
    .family = "publication",
    .mistake = "the flag that is looked at without the lock is no atomic one",
    .kind = kind::kDataRace,
    .preemptions = 0,
    .body = check_twice<false>,
    .mended = check_twice<true>,
};

}  // namespace weft::scenarios::specimens::publication
