// What may not be sent: TYPE, from mistakes_test.sh.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "primitives/message/codec.h"

namespace {

struct Point {
  int x, y;
};
struct WithPointer {
  int size;
  const char* text;
};
struct WithArray {
  int numbers[3];
};
struct WithShortArray {
  int number;
  char letter[1];
};
struct Derived : Point {
  int z;
};
enum Loose { kNone, kSome };
enum class Firm : short { kOne };
class Private {
 public:
  explicit Private(int value) : value_(value) {}
  int value() const { return value_; }

 private:
  int value_;
};

}  // namespace

std::vector<std::byte> encoded(const TYPE& value) { return weft::ipc::encode(value); }
TYPE decoded(const std::vector<std::byte>& bytes) { return weft::ipc::decode<TYPE>(bytes); }
