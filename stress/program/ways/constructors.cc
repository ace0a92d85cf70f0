// A static's constructor takes a lock and starts a thread; a thread_local and a handler of atexit()
// run at the end, before the static's destructor.
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

struct Counter {
  std::mutex mutex;
  int count = 0;
  std::thread thread;

  Counter() {
    std::scoped_lock lock(mutex);
    thread = std::thread([this] {
      std::scoped_lock lock(mutex);
      ++count;
    });
  }
  ~Counter() {
    thread.join();
    if (count != 12) std::abort();
  }
};
Counter counter;

struct Last {
  bool used = false;
  ~Last() {
    std::scoped_lock lock(counter.mutex);
    if (used) counter.count += 10;
  }
};
thread_local Last last;

int main() {
  last.used = true;
  std::atexit([] { std::puts("handler"); });
  std::scoped_lock lock(counter.mutex);
  ++counter.count;
}
