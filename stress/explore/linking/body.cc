// The body that is linked in every way: atomics, a mutex with a condition variable, threads, a
// container. Compiled with -fsanitize=thread, by whatever compiler is tried; standard headers
// alone.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

void body(void*) {
  std::mutex mutex;
  std::condition_variable filled;
  std::vector<int> items;
  std::atomic<int> sum{0};
  std::thread taker([&] {
    for (int i = 0; i < 2; ++i) {
      std::unique_lock lock(mutex);
      filled.wait(lock, [&] { return !items.empty(); });
      sum.fetch_add(items.back());
      items.pop_back();
    }
  });
  std::thread giver([&] {
    for (int i = 1; i <= 2; ++i) {
      {
        const std::lock_guard lock(mutex);
        items.push_back(i);
      }
      sum.fetch_add(10);
      filled.notify_one();
    }
  });
  taker.join();
  giver.join();
  if (sum.load() != 23) __builtin_abort();
}
