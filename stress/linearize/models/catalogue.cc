#include "stress/linearize/models/catalogue.h"

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>

#include "primitives/base/errors.h"
#include "stress/linearize/models/barrier.h"
#include "stress/linearize/models/condition.h"
#include "stress/linearize/models/counter.h"
#include "stress/linearize/models/event.h"
#include "stress/linearize/models/future.h"
#include "stress/linearize/models/lock.h"
#include "stress/linearize/models/map.h"
#include "stress/linearize/models/pool.h"
#include "stress/linearize/models/queue.h"
#include "stress/linearize/models/register.h"
#include "stress/linearize/models/rlock.h"
#include "stress/linearize/models/semaphore.h"
#include "stress/linearize/models/set.h"

namespace weft::linearize::models {
namespace {

using Made = std::unique_ptr<Specification>;
using Number = std::optional<std::int64_t>;

template <class Model>
Made held(Model model) {
  return std::make_unique<Model>(std::move(model));
}

struct Maker {
  Entry entry;
  std::function<Made(Number)> make;
  std::int64_t least = 0;  // of the number
};

const std::vector<Maker>& makers() {
  static const std::vector<Maker> makers = {
      {{"register", "its first value; nothing if it is left out"},
       [](Number n) { return held(one_register(n ? Value(*n) : Value())); },
       INT64_MIN},
      {{"counter", "its first value (0)"},
       [](Number n) { return held(counter(n.value_or(0))); },
       INT64_MIN},
      {{"lock", ""}, [](Number) { return held(lock()); }},
      {{"rlock", ""}, [](Number) { return held(rlock()); }},
      {{"semaphore", "its first value (1)"},
       [](Number n) { return held(semaphore(n.value_or(1))); }},
      {{"bounded_semaphore", "its first value (1)"},
       [](Number n) { return held(bounded_semaphore(n.value_or(1))); }},
      {{"event", ""}, [](Number) { return held(event()); }},
      {{"barrier", "its parties (2)"}, [](Number n) { return held(barrier(n.value_or(2))); }, 1},
      {{"condition", ""}, [](Number) { return held(condition()); }},
      {{"queue", "its maximum (none)"}, [](Number n) { return held(queue(n.value_or(0))); }},
      {{"lifo_queue", "its maximum (none)"},
       [](Number n) { return held(lifo_queue(n.value_or(0))); }},
      {{"priority_queue", "its maximum (none)"},
       [](Number n) { return held(priority_queue(n.value_or(0))); }},
      {{"set", ""}, [](Number) { return held(set()); }},
      {{"map", ""}, [](Number) { return held(map()); }},
      {{"kv", ""}, [](Number) { return held(map()); }},
      {{"future", ""}, [](Number) { return held(future()); }},
      {{"pool", ""}, [](Number) { return held(pool()); }},
  };
  return makers;
}

[[noreturn]] void refuse(const std::string& what) {
  std::string names;
  for (const Maker& maker : makers()) names += (names.empty() ? "" : ", ") + maker.entry.name;
  throw ValueError(what + "; there are " + names);
}

}  // namespace

std::vector<Entry> catalogue() {
  std::vector<Entry> entries;
  for (const Maker& maker : makers()) entries.push_back(maker.entry);
  return entries;
}

std::unique_ptr<Specification> made(std::string_view name) {
  const std::size_t colon = name.find(':');
  const std::string_view text = colon == name.npos ? "" : name.substr(colon + 1);
  for (const Maker& maker : makers()) {
    if (maker.entry.name != name.substr(0, colon)) continue;
    if (colon == name.npos) return maker.make(std::nullopt);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || number < maker.least || maker.entry.number.empty()) {
      throw ValueError("model '" + std::string(name) + "': " +
                       (maker.entry.number.empty()
                            ? "it takes no number"
                            : "what stands behind the colon is " + maker.entry.number));
    }
    return maker.make(number);
  }
  refuse("there is no model '" + std::string(name) + "'");
}

}  // namespace weft::linearize::models
