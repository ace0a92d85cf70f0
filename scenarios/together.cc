#include "scenarios/together.h"

#include <pthread.h>

#include <atomic>
#include <string>
#include <thread>

namespace weft::scenarios {

void together(const std::vector<std::function<void()>>& tasks) {
  // Spun on, not slept on: a wake-up takes longer than most tasks.
  std::atomic<std::size_t> missing{tasks.size()};
  std::vector<std::jthread> threads;
  threads.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    threads.emplace_back([&missing, &task = tasks[i], name = "thread " + std::to_string(i)] {
      pthread_setname_np(pthread_self(), name.c_str());
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
