// A registry that static constructors fill, and a thread that one of them starts. The thread may
// find it before the second entry is there; whoever relies on the number ends in an exception.
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

std::mutex mutex;
std::map<std::string, int> registry;

struct Entry {
  Entry(const char* name, int value) {
    std::lock_guard lock(mutex);
    registry[name] = value;
  }
};

void look() {
  std::lock_guard lock(mutex);
  if (!registry.contains("second")) throw std::runtime_error("no second entry yet");
}

struct Watcher {
  std::thread thread{look};
  ~Watcher() { thread.join(); }
};

Entry first("first", 1);
Watcher watcher;
Entry second("second", 2);

int main() {}
