// Small programs of SCTBench whose threads do one step each, and whose property is false in one
// order of them: "account_bad", "lazy01_bad", "token_ring_bad", and "wronglock_bad", in which one
// thread guards the number by another lock than the rest.
#include <atomic>
#include <mutex>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <bool kMended>
std::string account() {
  std::mutex lock;
  int balance = 10;
  bool deposited = false, withdrawn = false, right = true;
  side_by_side(
      [&] {
        std::scoped_lock hold(lock);
        balance += 5;
        deposited = true;
      },
      [&] {
        std::scoped_lock hold(lock);
        balance -= 3;
        withdrawn = true;
      },
      [&] {
        std::scoped_lock hold(lock);
        if (deposited && withdrawn) right = balance == (kMended ? 10 + 5 - 3 : 10 - 5 - 3);
      });
  return unless(right, "the balance after both is not the one expected");
}

template <bool kMended>
std::string lazy01() {
  std::mutex lock;
  int data = 0;
  bool seen_both = false;
  const auto add = [&](int what) {
    std::scoped_lock hold(lock);
    data += what;
  };
  side_by_side([&] { add(1); }, [&] { add(2); },
               [&] {
                 std::scoped_lock hold(lock);
                 seen_both = data > (kMended ? 3 : 2);
               });
  return unless(!seen_both, "both additions came before the look");
}

template <bool kMended>
std::string token_ring() {
  std::mutex lock;
  int first = 1, second = 2, third = 1;
  bool passed[3] = {};
  bool equal = true;
  const auto step = [&](int which, int& to, const int& from, int more) {
    std::scoped_lock hold(lock);
    // Mended, nobody takes the token before it comes round to him.
    if (kMended && which > 0 && !passed[which - 1]) return;
    to = (from + more) % 4;
    passed[which] = true;
  };
  side_by_side([&] { step(0, first, third, 1); }, [&] { step(1, second, first, 0); },
               [&] { step(2, third, second, 0); },
               [&] {
                 std::scoped_lock hold(lock);
                 if (passed[0] && passed[1] && passed[2]) {
                   equal = first == second && second == third;
                 }
               });
  return unless(equal, "the token went round and is not the same everywhere");
}

template <int kOthers, bool kMended>
std::string wronglock() {
  std::mutex lock, other_lock;
  std::atomic<int> data{0};
  bool alone = true;
  crowd(1 + kOthers, [&](int i) {
    if (i == 0) {
      std::scoped_lock hold(lock);
      const int seen = data;
      data = seen + 1;
      alone = data == seen + 1;
    } else {
      std::scoped_lock hold(kMended ? lock : other_lock);
      data = data + 1;
    }
  });
  return unless(alone, "the number changed under the lock");
}

}  // namespace

constinit const Classic kAccount{
    .name = "published/account",
    .family = "account",
    .mistake = "the balance expected is that of the other sign",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = account<false>,
    .mended = account<true>,
};

constinit const Classic kLazy01{
    .name = "published/lazy01",
    .family = "lazy01",
    .mistake = "a thread takes for granted that not both additions have been made",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = lazy01<false>,
    .mended = lazy01<true>,
};

constinit const Classic kTokenRing{
    .name = "published/token_ring",
    .family = "token_ring",
    .mistake = "each takes the token without waiting until it comes round",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = token_ring<false>,
    .mended = token_ring<true>,
};

constinit const Classic kWronglock3{
    .name = "published/wronglock_3",
    .family = "wronglock",
    .threads = 4,
    .mistake = "one thread guards the number by another lock than the rest",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = wronglock<3, false>,
    .mended = wronglock<3, true>,
};

constinit const Classic kWronglock{
    .name = "published/wronglock",
    .family = "wronglock",
    .threads = 8,
    .mistake = "one thread guards the number by another lock than the rest",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = wronglock<7, false>,
    .mended = wronglock<7, true>,
};

}  // namespace weft::scenarios::specimens::published
