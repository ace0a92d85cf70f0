// What processes share and send, where each system call of the caller fails in its turn.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/condition.h"
#include "primitives/ipc/ipc_errors.h"
#include "primitives/ipc/lock.h"
#include "primitives/ipc/semaphore.h"
#include "primitives/ipc/shared_memory.h"
#include "primitives/ipc/value.h"
#include "primitives/message/connection.h"
#include "primitives/message/queue.h"
#include "primitives/process/wait.h"
#include "stress/fault/expect_told.h"
#include "stress/fault/fail_system_calls.h"
#include "stress/ipc/child.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;
using testing_ipc::Child;

struct CreateMemory {
  void run() { memory.emplace(ipc::SharedMemory::create(5000, 7)); }
  std::string judge(bool succeeded) {
    if (!succeeded) run();
    const auto other = ipc::SharedMemory::attach(memory->descriptor(), 7);
    memory->bytes()[4999] = std::byte{9};
    return other.bytes()[4999] == std::byte{9} ? "" : "it is not shared";
  }
  std::optional<ipc::SharedMemory> memory;
};

TEST(EachSystemCallFails, OfSharedMemoryWithoutAName) {
  expect_told(fail_each_system_call<CreateMemory>(),
              {"memfd_create", "ftruncate", "fallocate", "mmap", "fcntl"});
}

// SH2: no name is left, of a failure least of all.
struct CreateNamedMemory {
  void run() { memory.emplace(ipc::SharedMemory::create_named(name, 5000, 7)); }
  std::string judge(bool succeeded) {
    if (!succeeded) run();
    const auto other = ipc::SharedMemory::attach_named(name, 7);
    return other.size() == 5000 ? "" : "it has another size";
  }
  const std::string name = "weft-calls-" + std::to_string(::getpid());
  std::optional<ipc::SharedMemory> memory;
};

TEST(EachSystemCallFails, OfSharedMemoryWithAName) {
  expect_told(fail_each_system_call<CreateNamedMemory>(), {"openat", "fallocate", "linkat"});
}

struct AttachToMemory : CreateNamedMemory {
  AttachToMemory() { CreateNamedMemory::run(); }
  void run() {
    other.emplace(ipc::SharedMemory::attach_named(name, 7));
    third.emplace(ipc::SharedMemory::attach(nameless.descriptor(), 7));
  }
  std::string judge(bool succeeded) {
    if (!succeeded) run();
    return other->size() == 5000 && third->size() == 100 ? "" : "it has another size";
  }
  ipc::SharedMemory nameless = ipc::SharedMemory::create(100, 7);
  std::optional<ipc::SharedMemory> other, third;
};

TEST(EachSystemCallFails, OfAttaching) {
  expect_told(fail_each_system_call<AttachToMemory>(), {"openat", "pread", "mmap", "fcntl"});
}

// Another process holds the lock and lets it go when this one has waited in vain once.
struct WaitForALock {
  WaitForALock() {
    while (held.load() == 0) {
    }
  }
  void run() {
    early = lock.acquire_for(3ms);
    tried.store(1);
    taken = early || lock.acquire_for(60s);
  }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws";
    if (early) return "it was got while another held it";
    if (!taken) return "it was not got";
    lock.release();
    return child.wait() == 0 ? "" : "the holder failed";
  }
  ipc::Lock lock;
  ipc::RawValue<int> held, tried;
  bool early = false;
  bool taken = false;
  Child child{[this] {
    lock.acquire();
    held.store(1);
    while (tried.load() == 0) std::this_thread::yield();
    lock.release();
    return 0;
  }};
};

TEST(EachSystemCallFails, OfAWaitForALock) {
  expect_told(fail_each_system_call<WaitForALock>(), {"futex", "openat", "read"});
}

// Its holder is dead: whether it is can be asked in vain, but not for long.
struct WaitForALockOfTheDead {
  WaitForALockOfTheDead() { (void)child.wait(); }
  void run() {
    try {
      lock.acquire();
    } catch (const ipc::OwnerDiedError&) {
      told = true;
    }
  }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws another error";
    if (!told) return "it was got without a word";
    if (!lock.recover()) return "it cannot be recovered";
    lock.release();
    lock.acquire();
    lock.release();
    return "";
  }
  ipc::Lock lock;
  bool told = false;
  Child child{[this] {
    lock.acquire();
    return 0;
  }};
};

TEST(EachSystemCallFails, OfAWaitForALockWhoseHolderIsDead) {
  expect_told(fail_each_system_call<WaitForALockOfTheDead>(), {"openat"});
}

struct WaitForAPermit {
  void run() {
    if (semaphore.acquire_for(5ms)) throw std::runtime_error("there was a permit");
    semaphore.release();
    taken = semaphore.acquire_for(5ms);
  }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws";
    return taken && semaphore.value() == 0 ? "" : "the count is wrong";
  }
  ipc::Semaphore semaphore{0};
  bool taken = false;
};

TEST(EachSystemCallFails, OfAWaitForAPermit) {
  expect_told(fail_each_system_call<WaitForAPermit>(), {"futex"});
}

struct WaitForANotification {
  WaitForANotification() { condition.acquire(); }
  void run() { told = condition.wait_for(5ms); }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws";
    if (told) return "nobody notified it";
    condition.notify();
    condition.release();
    return "";
  }
  ipc::Condition condition;
  bool told = false;
};

TEST(EachSystemCallFails, OfAWaitForANotification) {
  expect_told(fail_each_system_call<WaitForANotification>(), {"futex"});
}

// PI2, PQ4: from empty to full and back, with waits in vain at both ends.
struct UseAQueue {
  void run() {
    if (queue.try_get_for(3ms)) throw std::runtime_error("there was an item");
    for (int i = 0; i < 3; ++i) queue.put(item(i));
    try {
      queue.put_for(item(3), 3ms);
    } catch (const QueueFull&) {
      full = true;
    }
    for (int i = 0; i < 3; ++i) whole = whole && queue.get() == item(i);
  }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws";
    if (!full || !whole) return "it was not full, or the items are not those";
    return queue.empty() && queue.torn() == 0 ? "" : "something is left";
  }
  static std::string item(int i) { return std::string(200, static_cast<char>('a' + i)); }
  ipc::Queue<std::string> queue{3, 4096};
  bool full = false;
  bool whole = true;
};

TEST(EachSystemCallFails, OfAQueue) { expect_told(fail_each_system_call<UseAQueue>(), {"futex"}); }

// An item longer than the ring, which another process takes out piece by piece.
struct PutInPieces {
  void run() {
    queue.put(text);
    queue.put("end");
  }
  std::string judge(bool succeeded) {
    if (!succeeded) return "it throws";
    return child.wait() == 0 ? "" : "the item is not whole";
  }
  const std::string text = std::string(20'000, 'x');
  ipc::Queue<std::string> queue{0, 1024};
  Child child{[this] {
    const bool whole = queue.get() == text && queue.get() == "end";
    return whole && queue.torn() == 0 ? 0 : 1;
  }};
};

TEST(EachSystemCallFails, OfAnItemThatGoesThroughAQueueInPieces) {
  expect_told(fail_each_system_call<PutInPieces>(), {});
}

// The other end sends back what it gets, until this end is closed. A message of several pieces
// among them.
struct SendAndReceive {
  explicit SendAndReceive(std::size_t size) : text(size, 'm') {
    ends.second.close();
    ends.first.send(std::string("one"));
    (void)ends.first.recv<std::string>();
  }
  void run() {
    ends.first.send(text);
    came = ends.first.recv<std::string>();
  }
  std::string judge(bool succeeded) {
    if (succeeded && came != text) return "another message came";
    ends.first.close();
    return child.wait() == 0 ? "" : "what the other end got was torn, and it was not told";
  }
  const std::string text;
  std::string came;
  std::pair<ipc::Connection, ipc::Connection> ends = ipc::pipe();
  Child child{[this] {
    ends.first.close();
    try {
      for (;;) {
        const auto message = ends.second.recv<std::string>();
        if (message != "one" && message != text) return 1;
        ends.second.send(message);
      }
    } catch (const ipc::EndOfFile&) {
      return 0;
    } catch (const ipc::TruncatedMessage&) {
      return 0;
    } catch (const ipc::BrokenPipeError&) {
      return 0;
    }
  }};
};
struct SendAMessage : SendAndReceive {
  SendAMessage() : SendAndReceive(100) {}
};
struct SendALongMessage : SendAndReceive {
  SendALongMessage() : SendAndReceive(400'000) {}
};

TEST(EachSystemCallFails, OfAMessage) {
  expect_told(fail_each_system_call<SendAMessage>(), {"poll"});
}

TEST(EachSystemCallFails, OfAMessageInPieces) {
  expect_told(fail_each_system_call<SendALongMessage>(), {"sendmsg"});
}

// It has come, so that the calls are always the same ones.
struct ReceiveALongMessage : SendALongMessage {
  ReceiveALongMessage() {
    ends.first.send(text);
    (void)ends.first.poll_for(1h);
  }
  void run() { came = ends.first.recv<std::string>(); }
};

TEST(EachSystemCallFails, OfAMessageThatComesInPieces) {
  expect_told(fail_each_system_call<ReceiveALongMessage>(), {"recvmsg"});
}

struct MakeAConnection {
  void run() { ends.emplace(ipc::pipe()); }
  std::string judge(bool succeeded) {
    if (!succeeded) run();
    ends->first.send(3);
    return ends->second.recv<int>() == 3 ? "" : "another message came";
  }
  std::optional<std::pair<ipc::Connection, ipc::Connection>> ends;
};

TEST(EachSystemCallFails, OfAConnectionsMaking) {
  expect_told(fail_each_system_call<MakeAConnection>(),
              {"socketpair", "getsockopt", "setsockopt", "mmap"});
}

// A short message goes by the socket, too, once somebody has asked for the descriptor.
struct SendBySocket : SendAndReceive {
  SendBySocket() : SendAndReceive(100) { (void)ends.first.fileno(); }
};

TEST(EachSystemCallFails, OfAMessageToAnEndThatIsWaitedFor) {
  expect_told(fail_each_system_call<SendBySocket>(), {"poll", "recvmsg"});
}

struct AskForADescriptor {
  AskForADescriptor() { ends.second.send(1); }
  void run() {
    fd = ends.first.fileno();
    if (ends.first.poll()) came.push_back(ends.first.recv<int>());
    if (ends.first.poll()) came.push_back(ends.first.recv<int>());
  }
  std::string judge(bool) {
    run();
    if (came != std::vector<int>{1}) return "not the one message came";
    if (!ipc::wait_for({fd}, 0s).empty()) return "the descriptor tells of a message";
    ends.second.send(2);
    if (ipc::wait_for({fd}, 0s).empty()) return "the descriptor does not tell of a message";
    return ends.first.recv<int>() == 2 ? "" : "another message came";
  }
  std::pair<ipc::Connection, ipc::Connection> ends = ipc::pipe();
  int fd = -1;
  std::vector<int> came;
};

TEST(EachSystemCallFails, OfADescriptorForAConnectionWithAMessage) {
  expect_told(fail_each_system_call<AskForADescriptor>(),
              {"eventfd2", "epoll_create1", "epoll_ctl", "read", "poll"});
}

// The judges can tell: what gives up at the first interruption is caught, and what leaves
// something.
struct Careless {
  void run() {
    char byte = 0;
    (void)::read(ends[0], &byte, 1);
    came = byte;
  }
  std::string judge(bool) { return came == 'x' ? "" : "the byte is lost"; }
  Careless() {
    if (::pipe(ends) != 0 || ::write(ends[1], "x", 1) != 1) throw std::runtime_error("pipe");
  }
  ~Careless() { (void)::close(ends[0]); }
  int ends[2];
  char came = 0;
};

TEST(EachSystemCallFails, OfACarelessReadIsCaught) {
  const Failures failures = fail_each_system_call<Careless>();
  ASSERT_GE(failures.wrong.size(), 2u);
  EXPECT_EQ(failures.wrong.front(), "0: read gives EINTR: the byte is lost");
  EXPECT_EQ(failures.wrong.back(), "no call fails: a descriptor is left");
}

// A name in /dev/shm, whose ends are the numbers of this process and of its parent.
struct LeavesAName : Careless {
  LeavesAName() {
    std::ofstream("/dev/shm/weft-left-" + std::to_string(::getppid()) + "-" +
                  std::to_string(::getpid()));
  }
  ~LeavesAName() { (void)::close(ends[1]); }
};

TEST(EachSystemCallFails, OfWhatLeavesANameIsCaught) {
  const Failures failures = fail_each_system_call<LeavesAName>();
  EXPECT_EQ(failures.wrong.back(), "no call fails: a name in /dev/shm is left");
  const std::string mine = "weft-left-" + std::to_string(::getpid()) + "-";
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    if (entry.path().filename().string().starts_with(mine)) std::filesystem::remove(entry.path());
  }
}

}  // namespace
}  // namespace weft::fault
