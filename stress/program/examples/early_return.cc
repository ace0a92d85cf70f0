// main() returns while a thread still works: the static that the thread uses is destroyed under it.
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

struct Log {
  std::mutex mutex;
  bool open = true;
  ~Log() {
    std::lock_guard lock(mutex);
    open = false;
  }
};
Log log_;

int main() {
  std::thread([] {
    std::lock_guard lock(log_.mutex);
    if (!log_.open) std::abort();
  }).detach();
}
