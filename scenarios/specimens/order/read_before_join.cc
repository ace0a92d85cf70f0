// The string that two threads build is read before they are joined: it is shorter.
#include <mutex>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/order/order.h"

namespace weft::scenarios::specimens::order {
namespace {

constexpr int kSmall = 10;
constexpr int kLarge = 20;

template <bool kJoinsFirst>
std::string append() {
  Lock lock;
  std::string text;
  const auto add = [&](char letter, int times) {
    for (int i = 0; i < times; ++i) {
      annotate::point("before the letter");
      std::scoped_lock hold(lock);
      text += letter;
    }
  };
  std::thread small(add, 'o', kSmall);
  std::thread large(add, 'O', kLarge);
  const auto join = [&] {
    small.join();
    large.join();
  };
  if (kJoinsFirst) join();
  std::unique_lock hold(lock);
  const auto length = static_cast<long>(text.size());
  hold.unlock();
  if (!kJoinsFirst) join();
  return unless_equal("length", length, kSmall + kLarge);
}

}  // namespace

constinit const Specimen kReadBeforeJoin{
    .row = "002-1",
    .name = "order/read_before_join",
    .mistake = "the result is read while the threads that make it still run",
    .kind = kind::kAssertion,
    .body = append<false>,
    .mended = append<true>,
};

}  // namespace weft::scenarios::specimens::order
