// Two stages print lines to one screen, which writes what it is given in one go: but a line and its
// end are given to it one after the other.
#include <mutex>
#include <string>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kLines = 5;

class Screen {
 public:
  void write(const std::string& piece) {
    std::scoped_lock hold(lock_);
    text_ += piece;
  }
  std::string text() const {
    std::scoped_lock hold(lock_);
    return text_;
  }

 private:
  mutable Lock lock_;
  std::string text_;  // guarded by lock_
};

struct Nobody {
  void lock() {}
  void unlock() {}
};

template <class Lockable>
std::string print_lines() {
  Screen screen;
  Lockable printing;
  together(2, [&](int stage) {
    for (int i = 0; i < kLines; ++i) {
      std::lock_guard hold(printing);
      screen.write(stage == 0 ? "produced" : "consumed");
      annotate::point("within a line");
      screen.write("\n");
    }
  });
  std::string rest = screen.text();
  while (!rest.empty()) {
    const std::string line = rest.substr(0, rest.find('\n'));
    if (line != "produced" && line != "consumed") return "a line reads '" + line + "'";
    rest.erase(0, line.size() + 1);
  }
  return "";
}

}  // namespace

constinit const Specimen kTornLine{
    .row = "002-5",
    .name = "queue/torn_line",
    .mistake = "a line is printed in two steps, and another thread prints in between",
    .kind = kind::kAssertion,
    .body = print_lines<Nobody>,
    .mended = print_lines<Lock>,
};

}  // namespace weft::scenarios::specimens::queue
