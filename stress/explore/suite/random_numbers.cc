// Random numbers from outside: a schedule repeats them, because they come from its seed.
#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <random>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

unsigned by_getrandom() {
  unsigned number = 0;
  return getrandom(&number, sizeof number, 0) == sizeof number ? number : 0;
}
unsigned by_getentropy() {
  unsigned number = 0;
  return getentropy(&number, sizeof number) == 0 ? number : 0;
}
unsigned by_random_device() {
  // tidy-allow(random): that it can be repeated is the point
  return std::random_device()();
}

// What is stored is a part of what a repetition must repeat.
template <unsigned (*draw)()>
void right(Run& run) {
  std::atomic<unsigned> last = 0;
  run.thread([&] { last = draw(); });
  run.thread([&] { last = draw(); });
  run.join();
  const unsigned seen = last;
  run.require(seen != draw() || seen != draw(), "not always the same");
}

// That some number never comes.
template <unsigned (*draw)()>
void wrong(Run& run) {
  run.require(draw() % 8 != 3, "three never comes");
}

#define BOTH(function)                                                              \
  const Specimen right_##function({.name = "Random." #function}, right<function>);  \
  const Specimen wrong_##function({.name = "Random." #function "_taken_for_a_rule", \
                                   .violates = Kind::kAssertion,                    \
                                   .says = "three never comes"},                    \
                                  wrong<function>)

BOTH(by_getrandom);
BOTH(by_getentropy);
BOTH(by_random_device);

}  // namespace
}  // namespace weft::suite
