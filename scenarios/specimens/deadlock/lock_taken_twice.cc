// A function that holds the lock calls another that takes it, too: a plain Lock does not know that
// it is the same thread.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "scenarios/specimens/deadlock/deadlock.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::deadlock {
namespace {

template <class Lockable>
std::string nest() {
  Lockable lock;
  annotate::named(&lock, "the account's lock");
  int balance = 0;
  const auto deposit = [&](int amount) {
    std::scoped_lock hold(lock);
    balance += amount;
  };
  together(1, [&](int) {
    std::scoped_lock hold(lock);
    deposit(1);
    deposit(-1);
  });
  return balance == 0 ? "" : "the balance is " + std::to_string(balance);
}

}  // namespace

constinit const Specimen kLockTakenTwice{
    .row = "001-7",
    .name = "deadlock/lock_taken_twice",
    .mistake = "a thread takes a plain Lock that it holds already, and waits for itself",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Lock 'the account's lock' held by thread 0",
    .body = nest<Lock>,
    .mended = nest<RLock>,
};

}  // namespace weft::scenarios::specimens::deadlock
