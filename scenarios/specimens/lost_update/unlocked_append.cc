// One thread appends ten 'o' to a string, another twenty 'O': `a += c` reads all of it and writes
// all of it back.
#include <algorithm>
#include <mutex>
#include <string>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/lost_update/lost_update.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lost_update {
namespace {

constexpr int kSmall = 10;
constexpr int kLarge = 20;

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string append() {
  Lockable lock;
  std::string text;
  // Room for all, so that what is lost are letters and not the heap.
  text.reserve(64);
  const auto add = [&](char letter, int times) {
    for (int i = 0; i < times; ++i) {
      std::lock_guard hold(lock);
      const std::string longer = text + letter;
      annotate::point("between read and write");
      text = longer;
    }
  };
  together({[&] { add('o', kSmall); }, [&] { add('O', kLarge); }});
  if (std::count(text.begin(), text.end(), 'o') == kSmall &&
      std::count(text.begin(), text.end(), 'O') == kLarge) {
    return "";
  }
  return "10 'o' and 20 'O' were appended and '" + text + "' is there";
}

}  // namespace

constinit const Specimen kUnlockedAppend{
    .row = "002-1",
    .name = "lost_update/unlocked_append",
    .mistake = "two threads append to one string without a lock: no interpreter lock hides it here",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = append<Nobody>,
    .mended = append<Lock>,
};

}  // namespace weft::scenarios::specimens::lost_update
