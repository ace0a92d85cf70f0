// Pointers of the Linux kernel that were looked at and then followed, and were null by then. Each
// is the least that is left of the bug in the CVE that names it (all of them are in the set of Cai
// et al.: "Detecting Concurrency Memory Corruption Vulnerabilities", FSE 2019).
#include <atomic>
#include <mutex>

#include "scenarios/specimens/cve/cve.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::cve {
namespace {

struct Object {
  std::atomic<int> users{0};
};

// An inode has a pipe as long as somebody has it open. Who opens it once more waits for its lock,
// and then takes for granted that there still is one.
template <bool kMended>
std::string open_pipe() {
  Object pipe;
  pipe.users = 1;
  std::mutex lock;
  Object* of_inode = &pipe;
  side_by_side(
      [&] {
        std::scoped_lock hold(lock);
        if (kMended && of_inode == nullptr) return;
        ++of_inode->users;
      },
      [&] {
        std::scoped_lock hold(lock);
        if (--pipe.users == 0) of_inode = nullptr;
      });
  return "";
}

// The list of what is to be scanned ends in its own head, which stands for nothing. Between two
// looks the only entry is taken out, and the scanner takes the head for an entry.
template <bool kMended>
std::string scan_list() {
  struct Entry {
    Object* memory = nullptr;
    Entry* next = this;
  };
  Object memory;
  Entry head, entry{.memory = &memory, .next = &head};
  head.next = &entry;
  std::mutex lock;
  side_by_side(
      [&] {
        {
          std::scoped_lock hold(lock);
          if (head.next == &head) return;
        }
        std::scoped_lock hold(lock);
        Entry* const next = head.next;
        if (kMended && next == &head) return;
        ++next->memory->users;
      },
      [&] {
        std::scoped_lock hold(lock);
        head.next = &head;
      });
  return "";
}

// A user gets two keyrings. The first one is looked at to know whether both are there.
template <bool kMended>
std::string install_keyrings() {
  Object rings[2];
  std::mutex lock;
  std::atomic<Object*> own{nullptr}, of_session{nullptr};
  const auto use = [&] {
    if (own == nullptr || (kMended && of_session == nullptr)) {
      std::scoped_lock hold(lock);
      own = &rings[0];
      of_session = &rings[1];
    }
    ++of_session.load()->users;
  };
  side_by_side(use, use);
  return "";
}

// A key is valid when the reader asks, and revoked when it reads.
template <bool kMended>
std::string read_key() {
  Object payload;
  std::mutex lock;
  std::atomic<bool> revoked{false};
  std::atomic<Object*> key{&payload};
  side_by_side(
      [&] {
        if (!kMended && revoked) return;
        std::scoped_lock hold(lock);
        if (kMended && revoked) return;
        ++key.load()->users;
      },
      [&] {
        std::scoped_lock hold(lock);
        revoked = true;
        key = nullptr;
      });
  return "";
}

// A task's context is read twice: to see whether there is one, and to use it.
template <bool kMended>
std::string read_priority() {
  Object context;
  std::atomic<Object*> of_task{&context};
  side_by_side(
      [&] {
        Object* seen = of_task;
        if (seen == nullptr) return;
        if (!kMended) seen = of_task;
        ++seen->users;
      },
      [&] { of_task = nullptr; });
  return "";
}

}  // namespace

constinit const Classic kPipe{
    .name = "cve/2009_3547_pipe",
    .family = "cve",
    .mistake = "the pipe is not looked for again after the wait for its lock",
    .kind = kind::kCrash,
    .preemptions = 0,
    .body = open_pipe<false>,
    .mended = open_pipe<true>,
};

constinit const Classic kScanner{
    .name = "cve/2011_2183_scanner",
    .family = "cve",
    .mistake = "the list's own head is taken for an entry when the last one is gone",
    .kind = kind::kCrash,
    .preemptions = 1,
    .body = scan_list<false>,
    .mended = scan_list<true>,
};

constinit const Classic kKeyrings{
    .name = "cve/2013_1792_keyrings",
    .family = "cve",
    .mistake = "the first of two keyrings is taken for a sign that both are there",
    .kind = kind::kCrash,
    .preemptions = 1,
    .body = install_keyrings<false>,
    .mended = install_keyrings<true>,
};

constinit const Classic kRevokedKey{
    .name = "cve/2015_7550_revoked_key",
    .family = "cve",
    .mistake = "whether the key is revoked is asked before the lock is taken",
    .kind = kind::kCrash,
    .preemptions = 1,
    .body = read_key<false>,
    .mended = read_key<true>,
};

constinit const Classic kPriority{
    .name = "cve/2016_7911_priority",
    .family = "cve",
    .mistake = "a pointer is read once to be tested and once more to be followed",
    .kind = kind::kCrash,
    .preemptions = 1,
    .body = read_priority<false>,
    .mended = read_priority<true>,
};

}  // namespace weft::scenarios::specimens::cve
