// Two withdrawals that each look before they take: the balance is protected, the decision is not.
#include <cassert>
#include <future>
#include <mutex>

class Account {
 public:
  int balance() {
    std::lock_guard lock(mutex_);
    return balance_;
  }
  void take(int amount) {
    std::lock_guard lock(mutex_);
    balance_ -= amount;
  }

 private:
  std::mutex mutex_;
  int balance_ = 100;
};

int main() {
  Account account;
  auto withdraw = [&account] {
    if (account.balance() >= 80) account.take(80);
  };
  auto first = std::async(std::launch::async, withdraw);
  auto second = std::async(std::launch::async, withdraw);
  first.get();
  second.get();
  assert(account.balance() >= 0);
}
