// Memory that is used after it was freed, or freed twice, in the Linux kernel and in Firefox. Each
// is the least that is left of the bug in the CVE that names it.
#include <atomic>
#include <mutex>

#include "scenarios/specimens/cve/cve.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::cve {
namespace {

struct Object {
  std::atomic<int> users{1};
};

// A decoder's thread works on a frame as long as the stream has it. The stream ends and frees it.
template <bool kMended>
std::string end_of_stream() {
  std::mutex lock;
  std::atomic<Object*> frame{new Object};
  side_by_side(
      [&] {
        std::unique_lock hold(lock, std::defer_lock);
        if (kMended) hold.lock();
        Object* const seen = frame;
        if (seen != nullptr) ++seen->users;
      },
      [&] {
        std::unique_lock hold(lock, std::defer_lock);
        if (kMended) hold.lock();
        delete frame.exchange(nullptr);
      });
  return "";
}

// The only instance of a class: who asks for it counts itself in, the last to leave frees it. One
// that has found the instance counts itself in after the last has left. Mended, both are one step.
template <bool kMended>
std::string only_instance() {
  std::mutex lock;
  std::atomic<Object*> only{new Object};
  side_by_side(
      [&] {
        std::unique_lock hold(lock, std::defer_lock);
        if (kMended) hold.lock();
        Object* const found = only;
        if (found == nullptr) return;
        ++found->users;
        if (--found->users == 0) delete only.exchange(nullptr);
      },
      [&] {
        std::unique_lock hold(lock, std::defer_lock);
        if (kMended) hold.lock();
        if (--only.load()->users == 0) delete only.exchange(nullptr);
      });
  return "";
}

// A dump runs until it is done and then frees its buffer. Another call finds it done, too.
template <bool kMended>
std::string dump_done() {
  std::mutex lock;
  std::atomic<bool> running{true};
  auto* const buffer = new Object;
  const auto go_on = [&] {
    std::unique_lock hold(lock, std::defer_lock);
    if (kMended) hold.lock();
    if (!running) return;
    running = false;
    delete buffer;
  };
  side_by_side(go_on, go_on);
  return "";
}

// A new port is put into the list, where another thread finds and deletes it, before its maker has
// filled it in.
template <bool kMended>
std::string create_port() {
  std::atomic<Object*> list{nullptr};
  side_by_side(
      [&] {
        auto* const port = new Object;
        if (kMended) port->users = 0;
        list = port;
        if (!kMended) port->users = 0;
      },
      [&] { delete list.exchange(nullptr); });
  delete list.exchange(nullptr);
  return "";
}

// Two sockets set up one ring; whoever finds one already there frees it, outside the lock.
template <bool kMended>
std::string set_up_twice() {
  std::atomic<Object*> ring{new Object};
  const auto set_up = [&] {
    Object* const old = kMended ? ring.exchange(nullptr) : ring.load();
    if (old == nullptr) return;
    if (!kMended) ring = nullptr;
    delete old;
  };
  side_by_side(set_up, set_up);
  return "";
}

}  // namespace

constinit const Classic kFrame{
    .name = "cve/2016_1972_frame",
    .family = "cve",
    .mistake = "a frame is freed while a thread of the decoder has it",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = end_of_stream<false>,
    .mended = end_of_stream<true>,
};

constinit const Classic kInstance{
    .name = "cve/2016_1973_instance",
    .family = "cve",
    .mistake = "the instance is found, and freed by its last user before it is counted",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = only_instance<false>,
    .mended = only_instance<true>,
};

constinit const Classic kDump{
    .name = "cve/2016_9806_dump",
    .family = "cve",
    .mistake = "two calls find the dump at its end, and each frees the buffer",
    .kind = kind::kDoubleFree,
    .preemptions = 1,
    .body = dump_done<false>,
    .mended = dump_done<true>,
};

constinit const Classic kPort{
    .name = "cve/2017_15265_port",
    .family = "cve",
    .mistake = "a port can be found and deleted before its maker is done with it",
    .kind = kind::kUseAfterFree,
    .preemptions = 1,
    .body = create_port<false>,
    .mended = create_port<true>,
};

constinit const Classic kRing{
    .name = "cve/2017_6346_ring",
    .family = "cve",
    .mistake = "two find the old ring, and each frees it",
    .kind = kind::kDoubleFree,
    .preemptions = 1,
    .body = set_up_twice<false>,
    .mended = set_up_twice<true>,
};

}  // namespace weft::scenarios::specimens::cve
