#include "scenarios/specimens/queue/stages.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "primitives/annotate.h"
#include "primitives/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

Item one_more(const Item& item) { return item ? Item(*item + 1) : kEnd; }

void send_on(Queue<Item>& in, Queue<Item>& out, const Item& last) {
  Item item;
  do {
    item = in.get();
    out.put(one_more(item));
  } while (item != last);
}

void collect(Queue<Item>& in, Items& collected, const Item& last, int times) {
  while (times > 0) {
    collected.push_back(in.get());
    if (collected.back() == last) --times;
  }
}

std::string in_words(const Item& item) { return item ? std::to_string(*item) : "an end mark"; }

}  // namespace

Items zero_to_nine() { return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; }

std::string Stages::run() const {
  Queue<Item> first, second;
  annotate::named(&first, "queue to the intermediate stage");
  annotate::named(&second, "queue to the consumer");
  Items consumed;
  std::vector<std::function<void()>> stages(static_cast<std::size_t>(intermediates),
                                            [&] { send_on(first, second, last_in); });
  stages.emplace_back([&] {
    for (const Item& item : produced) first.put(item);
  });
  stages.emplace_back([&] { collect(second, consumed, last_out, intermediates); });
  together(stages);

  Items expected;
  std::transform(produced.begin(), produced.end(), std::back_inserter(expected), one_more);
  if (intermediates > 1) {
    std::sort(consumed.begin(), consumed.end());
    std::sort(expected.begin(), expected.end());
  }
  if (consumed == expected) return "";
  const auto at = std::mismatch(consumed.begin(), consumed.end(), expected.begin(), expected.end());
  if (at.second == expected.end()) return in_words(*at.first) + " was consumed beyond the end";
  return in_words(*at.second) + " was not consumed in its turn";
}

}  // namespace weft::scenarios::specimens::queue
