#include "scenarios/together.h"

#include <atomic>
#include <thread>

namespace weft::scenarios {

void together(const std::vector<std::function<void()>>& tasks) {
  // Spun on, not slept on: a wake-up takes longer than most tasks.
  std::atomic<std::size_t> missing{tasks.size()};
  std::vector<std::jthread> threads;
  threads.reserve(tasks.size());
  for (const auto& task : tasks) {
    threads.emplace_back([&missing, &task] {
      missing.fetch_sub(1);
      while (missing.load() != 0) std::this_thread::yield();
      task();
    });
  }
}

void together(int count, const std::function<void(int)>& task) {
  std::vector<std::function<void()>> tasks;
  for (int i = 0; i < count; ++i) tasks.emplace_back([&task, i] { task(i); });
  together(tasks);
}

}  // namespace weft::scenarios
