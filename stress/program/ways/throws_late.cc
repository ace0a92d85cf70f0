#include <atomic>
#include <stdexcept>
#include <thread>

std::atomic<int> stage{0};
int failures = 0;

int main() {
  std::thread thread([] {
    try {
      // Not in the first execution, in which main comes first.
      if (stage.load() == 0) throw std::runtime_error("too early");
    } catch (const std::exception&) {
      ++failures;
    }
  });
  stage.store(1);
  thread.join();
  return failures;
}
