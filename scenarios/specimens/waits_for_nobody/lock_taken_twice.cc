// A function that holds the lock calls one that takes it too. An RLock allows that, a Lock waits
// for itself.
#include <mutex>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/rlock.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/waits_for_nobody/waits_for_nobody.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::waits_for_nobody {
namespace {

constexpr int kThreads = 2;

template <class AnyLock>
class Account {
 public:
  Account() { annotate::named(&lock_, "account's lock"); }
  void deposit(long amount) {
    std::scoped_lock hold(lock_);
    balance_ += amount;
  }
  void deposit_twice(long amount) {
    std::scoped_lock hold(lock_);
    deposit(amount);
    deposit(amount);
  }
  long balance() const { return balance_; }

 private:
  AnyLock lock_;
  long balance_ = 0;
};

template <class AnyLock>
std::string deposit() {
  Account<AnyLock> account;
  together(kThreads, [&](int) { account.deposit_twice(5); });
  return unless_equal("balance", account.balance(), kThreads * 10);
}

}  // namespace

constinit const Specimen kLockTakenTwice{
    .row = "001-8",
    .name = "waits_for_nobody/lock_taken_twice",
    .mistake = "a Lock stands where an RLock is meant, and its holder takes it again",
    .kind = kind::kHang,
    .deadlock = "thread 0 waits for Lock 'account's lock' held by thread 0",
    .body = deposit<Lock>,
    .mended = deposit<RLock>,
};

}  // namespace weft::scenarios::specimens::waits_for_nobody
