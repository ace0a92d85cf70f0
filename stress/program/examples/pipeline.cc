// Three stages, each a thread, with latches and a semaphore of C++20 between them.
#include <cstdio>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

int main() {
  std::vector<int> values;
  std::latch ready(1);
  std::binary_semaphore doubled(0);
  std::thread source([&] {
    for (int i = 1; i <= 3; ++i) values.push_back(i);
    ready.count_down();
  });
  std::thread stage([&] {
    ready.wait();
    for (int& value : values) value *= 2;
    doubled.release();
  });
  int sum = 0;
  std::thread sink([&] {
    doubled.acquire();
    for (int value : values) sum += value;
  });
  source.join();
  stage.join();
  sink.join();
  std::printf("%d\n", sum);
  return sum == 12 ? 0 : 1;
}
