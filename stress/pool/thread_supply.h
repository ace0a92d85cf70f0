// Makes the system run out of threads: for this program, pthread_create() is ours. Not under the
// explorer, whose own it is.
// Thread safety: one LimitedThreads at a time.
#pragma once

namespace weft::testing_pool {

// While it lives, only so many more threads can be made in this process.
class LimitedThreads {
 public:
  explicit LimitedThreads(int granted);
  ~LimitedThreads();
  LimitedThreads(const LimitedThreads&) = delete;
  LimitedThreads& operator=(const LimitedThreads&) = delete;

  int refused() const;
};

}  // namespace weft::testing_pool
