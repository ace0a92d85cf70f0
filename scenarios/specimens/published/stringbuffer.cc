// A text appends another one: asks for its length, then for so many characters. Each is under the
// lock, both are not, and the text may shrink in between. StringBuffer.append of Java 1.4
// (Flanagan, Qadeer: "A Type and Effect System for Atomicity", PLDI 2003).
#include <atomic>
#include <mutex>
#include <string>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <bool kMended>
class StringBuffer {
 public:
  explicit StringBuffer(const char* text) : text_(text) {}

  std::size_t length() {
    std::scoped_lock hold(lock_);
    return text_.size();
  }
  void erase() {
    std::scoped_lock hold(lock_);
    text_.clear();
  }
  // False if there are not so many.
  bool get(std::size_t count, std::string& to) {
    std::scoped_lock hold(lock_);
    if (count > text_.size()) return false;
    to.append(text_, 0, count);
    return true;
  }
  bool append(StringBuffer& other) {
    std::scoped_lock hold(lock_);
    std::unique_lock hold_other(other.lock_, std::defer_lock);
    if (kMended) hold_other.lock();
    const std::size_t count = other.length();
    return other.get(count, text_);
  }

 private:
  std::recursive_mutex lock_;
  std::string text_;
};

template <bool kMended>
std::string append_and_erase() {
  StringBuffer<kMended> text("ab"), other("cd");
  bool right = true;
  side_by_side([&] { right = text.append(other); }, [&] { other.erase(); });
  return unless(right, "more characters were asked for than there are");
}

}  // namespace

constinit const Classic kStringbuffer{
    .name = "published/stringbuffer",
    .family = "stringbuffer",
    .mistake = "the length and the characters are asked for in two steps, each under the lock",
    .kind = kind::kAssertion,
    .preemptions = 1,
    .body = append_and_erase<false>,
    .mended = append_and_erase<true>,
};

}  // namespace weft::scenarios::specimens::published
