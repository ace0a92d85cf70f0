// A result object whose value can be read at any time, also before it is there.
#include <atomic>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::pool {
namespace {

class TextbookResult {
 public:
  void set(int value) {
    value_ = value;
    ready_ = true;
    ready_.notify_all();
  }
  void wait() const { ready_.wait(false); }
  int value() const { return value_; }

 private:
  std::atomic<bool> ready_{false};
  int value_ = 0;
};

template <bool kWaits>
std::string read() {
  TextbookResult result;
  int seen = 0;
  side_by_side([&] { result.set(1); },
               [&] {
                 if (kWaits) result.wait();
                 seen = result.value();
               });
  return unless_equal("value", seen, 1);
}

}  // namespace

constinit const Specimen kValueBeforeItIsReady{
    .row = "000-8b",
    .name = "pool/value_before_it_is_ready",
    .mistake = "a result is read without a wait, before it is there",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = read<false>,
    .mended = read<true>,
};

}  // namespace weft::scenarios::specimens::pool
