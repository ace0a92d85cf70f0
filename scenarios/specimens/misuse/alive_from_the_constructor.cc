// A thread that calls itself alive as long as its object lives: before it is started, and after it
// has ended.
#include <functional>
#include <thread>

#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

class EverAlive {
 public:
  explicit EverAlive(std::function<void()> target) : target_(std::move(target)) {}
  void start() { thread_ = std::thread(target_); }
  void join() { thread_.join(); }
  bool is_alive() const { return alive_; }

 private:
  const std::function<void()> target_;
  const bool alive_ = true;
  std::thread thread_;
};

template <class AnyThread>
std::string ask() {
  Event may_end;
  AnyThread thread([&] { may_end.wait(); });
  const bool before = thread.is_alive();
  thread.start();
  const bool during = thread.is_alive();
  may_end.set();
  thread.join();
  const bool after = thread.is_alive();
  if (before) return "the thread is alive before it is started";
  if (!during) return "the thread is not alive while it waits";
  if (after) return "the thread is alive after it was joined";
  return "";
}

}  // namespace

constinit const Specimen kAliveFromTheConstructor{
    .row = "004-2",
    .name = "misuse/alive_from_the_constructor",
    .mistake = "is_alive() tells of the object and not of the thread",
    .kind = kind::kAssertion,
    .body = ask<EverAlive>,
    .mended = ask<Thread>,
};

}  // namespace weft::scenarios::specimens::misuse
