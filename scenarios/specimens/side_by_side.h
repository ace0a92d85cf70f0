// Runs tasks on threads of their own and waits for all of them, with as few steps besides theirs as
// can be. (together() lets its threads go at one moment, which real threads need to meet.)
//
// Thread safety: call it from anywhere; an exception that leaves a task ends the program.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace weft::scenarios::specimens {

// One thread for each task.
template <class... Tasks>
void side_by_side(Tasks... tasks) {
  std::thread threads[] = {std::thread(std::ref(tasks))...};
  for (std::thread& thread : threads) thread.join();
}

// `count` threads, each with its index from 0.
template <class Task>
void crowd(int count, Task task) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) threads.emplace_back(std::ref(task), i);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace weft::scenarios::specimens
