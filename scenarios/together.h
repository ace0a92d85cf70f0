// Starts threads that are let go at the same moment, so that they really meet.
// Thread safety: call it from anywhere; it returns when all threads have ended.
#pragma once

#include <functional>
#include <vector>

namespace weft::scenarios {

// One thread for each task, named "thread 0", "thread 1", ... in that order; an exception that
// leaves a task ends the program, as in std::thread.
void together(const std::vector<std::function<void()>>& tasks);

// `count` threads, each with its index from 0.
void together(int count, const std::function<void(int)>& task);

}  // namespace weft::scenarios
