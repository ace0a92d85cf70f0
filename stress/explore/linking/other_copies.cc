// Not instrumented, and linked before the body: its copies of std's inline functions take the place
// of the body's own, whose accesses are then not seen.
#include <atomic>
#include <vector>

void* copies_of_std(int value) {
  static std::vector<int> items;
  static std::atomic<int> sum;
  items.push_back(value);
  sum.fetch_add(items.back());
  sum.load();
  items.pop_back();
  return items.empty() ? nullptr : &items;
}
