// Counts the words of standard input by two threads that share the lines.
#include <atomic>
#include <iostream>
#include <mutex>
#include <queue>
#include <sstream>
#include <string>
#include <thread>

int main() {
  std::queue<std::string> lines;
  std::mutex mutex;
  std::string line;
  int expected = 0;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    for (std::string word; words >> word;) ++expected;
    lines.push(line);
  }
  std::atomic<int> count{0};
  auto work = [&] {
    while (true) {
      std::string mine;
      {
        std::lock_guard lock(mutex);
        if (lines.empty()) return;
        mine = lines.front();
        lines.pop();
      }
      std::istringstream words(mine);
      for (std::string word; words >> word;) ++count;
    }
  };
  std::thread other(work);
  work();
  other.join();
  std::cout << count << " words\n";
  return count == expected ? 0 : 1;
}
