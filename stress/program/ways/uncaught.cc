#include <atomic>
#include <stdexcept>
#include <thread>

std::atomic<int> stage{0};

int main() {
  std::thread thread([] {
    if (stage.load() == 1) throw std::runtime_error("too late");
  });
  stage.store(1);
  thread.join();
}
