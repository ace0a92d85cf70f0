// A class, its model, and what a test says of them: ITEMS, from mistakes_test.sh.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stress/linearize/front.h"

namespace {

struct Queue {
  void put(int) {}
  void put_all(std::vector<int>) {}
  bool try_put(int) { return true; }
  int get() { return 0; }
  void get_into(int&) {}
  void flag(bool) {}
  void overloaded(int) {}
  void overloaded(std::string) {}
};

struct Model {
  void put(int) {}
  void put_all(std::vector<int>) {}
  bool try_put(int) { return true; }
  int get() { return 0; }
  void flag(bool) {}
};

struct Sized {
  explicit Sized(int) {}
  void put(int) {}
};

using namespace weft::linearize::words;

}  // namespace

weft::generate::Vocabulary made() {
  return weft::linearize::vocabulary_of<OBJECT, Model>("queue", ITEMS);
}
