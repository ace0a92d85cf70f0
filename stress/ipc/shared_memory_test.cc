#include "primitives/ipc/shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/ipc/child.h"

namespace weft::ipc {
namespace {

using testing_ipc::Child;

// Not taken by another run of this test at the same time.
std::string a_name(const char* what) {
  return "weft-test-" + std::to_string(::getpid()) + "-" + what;
}

bool is_in_dev_shm(const std::string& name) { return std::filesystem::exists("/dev/shm/" + name); }

int open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

template <class F>
int errno_of(F f) {
  try {
    f();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

int& number_in(SharedMemory& memory) { return *static_cast<int*>(memory.data()); }

TEST(SharedMemory, IsZeroedAndSeenByAChild) {
  SharedMemory memory = SharedMemory::create(1000);
  EXPECT_EQ(memory.size(), 1000U);
  EXPECT_TRUE(std::ranges::all_of(memory.bytes(), [](std::byte b) { return b == std::byte{}; }));
  Child child([&] {
    number_in(memory) = 7;
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(number_in(memory), 7);
}

TEST(SharedMemory, IsAttachedByItsDescriptor) {
  SharedMemory memory = SharedMemory::create(100, 42);
  SharedMemory other = SharedMemory::attach(memory.descriptor(), 42);
  EXPECT_NE(other.data(), memory.data());
  EXPECT_EQ(other.size(), 100U);
  number_in(other) = 3;
  EXPECT_EQ(number_in(memory), 3);
  memory.close();
  EXPECT_EQ(number_in(other), 3) << "each mapping lives by itself";
}

TEST(SharedMemory, HoldsAfterItsDescriptorIsClosed) {
  SharedMemory memory = SharedMemory::create(100);
  memory.close_descriptor();
  EXPECT_EQ(memory.descriptor(), -1);
  number_in(memory) = 5;
  EXPECT_EQ(number_in(memory), 5);
}

TEST(SharedMemory, CloseIsForGoodAndTwiceIsNothing) {
  SharedMemory memory = SharedMemory::create(100);
  memory.close();
  memory.close();
  EXPECT_EQ(memory.data(), nullptr);
  EXPECT_EQ(memory.size(), 0U);
}

TEST(SharedMemory, MovesWithoutBeingClosed) {
  SharedMemory first = SharedMemory::create_named(a_name("moved"), 100);
  void* const at = first.data();
  SharedMemory second = std::move(first);
  EXPECT_EQ(second.data(), at);
  EXPECT_TRUE(second.is_owner());
  first.close();  // NOLINT(bugprone-use-after-move): it is empty
  EXPECT_TRUE(is_in_dev_shm(a_name("moved")));
  second = SharedMemory::create(8);
  EXPECT_FALSE(is_in_dev_shm(a_name("moved")));
}

TEST(SharedMemory, NothingIsLeftOfAProcessThatIsKilled) {
  const int before = open_descriptors();
  Child child([] {
    SharedMemory memory = SharedMemory::create(4096);
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(SharedMemory, ANamedOneIsTheUsersAloneAndItsOwnersToUnlink) {
  const std::string name = a_name("owned");
  {
    SharedMemory owner = SharedMemory::create_named(name, 100);
    struct stat status{};
    ASSERT_EQ(::stat(("/dev/shm/" + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    {
      SharedMemory attached = SharedMemory::attach_named(name);
      EXPECT_FALSE(attached.is_owner());
      number_in(attached) = 9;
    }
    EXPECT_TRUE(is_in_dev_shm(name)) << "who attached never unlinks";
    EXPECT_EQ(number_in(owner), 9);
    // A process that attached, and one that has a copy of the owner, end.
    Child stranger([&] {
      SharedMemory attached = SharedMemory::attach_named(name);
      number_in(attached) += 1;
      return 0;
    });
    EXPECT_EQ(stranger.wait(), 0);
    Child copy([&] {
      owner.close();
      return 0;
    });
    EXPECT_EQ(copy.wait(), 0);
    EXPECT_TRUE(is_in_dev_shm(name));
    EXPECT_EQ(number_in(owner), 10);
  }
  EXPECT_FALSE(is_in_dev_shm(name));
}

TEST(SharedMemory, ANameIsTakenOnce) {
  const std::string name = a_name("taken");
  SharedMemory owner = SharedMemory::create_named(name, 100);
  EXPECT_EQ(errno_of([&] { (void)SharedMemory::create_named(name, 100); }), EEXIST);
  EXPECT_TRUE(is_in_dev_shm(name));
  owner.unlink();
  EXPECT_EQ(errno_of([&] { owner.unlink(); }), ENOENT);
  EXPECT_EQ(errno_of([&] { (void)SharedMemory::attach_named(name); }), ENOENT);
  number_in(owner) = 1;  // the mapping lives on
  SharedMemory next = SharedMemory::create_named(name, 100);
  owner.close();
  EXPECT_TRUE(is_in_dev_shm(name)) << "an owner that has unlinked does not unlink its successor";
  EXPECT_THROW(SharedMemory::create(1).unlink(), RuntimeError);
}

TEST(SharedMemory, ANameOfADeadCreatorCanBeRemovedAndNoOther) {
  const std::string name = a_name("left");
  Child creator([&] {
    SharedMemory memory = SharedMemory::create_named(name, 100);
    ::raise(SIGKILL);
    return 0;
  });
  EXPECT_EQ(creator.wait(), -SIGKILL);
  EXPECT_TRUE(is_in_dev_shm(name));
  EXPECT_TRUE(SharedMemory::remove_abandoned(name));
  EXPECT_FALSE(is_in_dev_shm(name));
  EXPECT_FALSE(SharedMemory::remove_abandoned(name)) << "there is none any more";

  SharedMemory alive = SharedMemory::create_named(name, 100);
  EXPECT_FALSE(SharedMemory::remove_abandoned(name));
  EXPECT_TRUE(is_in_dev_shm(name));
}

TEST(SharedMemory, BadArgumentsAreErrors) {
  EXPECT_THROW((void)SharedMemory::create(0), ValueError);
  EXPECT_THROW((void)SharedMemory::create_named(a_name("zero"), 0), ValueError);
  for (const std::string& name :
       {std::string(), std::string("a/b"), std::string(".."), std::string("."),
        std::string("a\0b", 3), std::string(201, 'a')}) {
    EXPECT_THROW((void)SharedMemory::create_named(name, 1), ValueError) << name;
    EXPECT_THROW((void)SharedMemory::attach_named(name), ValueError) << name;
  }
}

// SH3: the error comes at creation, not as SIGBUS at the first use.
TEST(SharedMemory, AFullFileSystemIsAnErrorAtCreation) {
  struct statvfs status{};
  ASSERT_EQ(::statvfs("/dev/shm", &status), 0);
  const std::size_t all = status.f_blocks * status.f_frsize;
  const std::string name = a_name("full");
  const int before = open_descriptors();
  EXPECT_EQ(errno_of([&] { (void)SharedMemory::create_named(name, all + 1); }), ENOSPC);
  EXPECT_EQ(errno_of([&] { (void)SharedMemory::create(SIZE_MAX / 2); }), ENOSPC);
  EXPECT_FALSE(is_in_dev_shm(name));
  EXPECT_EQ(open_descriptors(), before);
  Child limited([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10'000, 10'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
    if (errno_of([&] { (void)SharedMemory::create(20'000); }) != EFBIG) return 2;
    if (errno_of([&] { (void)SharedMemory::create_named(name, 20'000); }) != EFBIG) return 3;
    return is_in_dev_shm(name) ? 4 : 0;
  });
  EXPECT_EQ(limited.wait(), 0);
}

// SH4: seals, where there are some; and what is not sealed is not attached to by descriptor.
TEST(SharedMemory, NobodyCanCutItOff) {
  SharedMemory memory = SharedMemory::create(10'000);
  const int peer = ::dup(memory.descriptor());
  EXPECT_EQ(::ftruncate(peer, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(::ftruncate(peer, 1 << 20), -1);
  ::close(peer);
  const int unsealed = ::memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  ASSERT_EQ(::ftruncate(unsealed, 4096), 0);
  EXPECT_THROW((void)SharedMemory::attach(unsealed), LayoutError);
  ::close(unsealed);
}

// SH6: every field of the header, wrong in turn.
TEST(SharedMemory, AttachRefusesEveryWrongHeader) {
  const auto sealed = [](std::size_t field, std::uint8_t change, std::size_t bytes) {
    SharedMemory right = SharedMemory::create(100, 42);
    std::vector<char> copy(bytes);
    EXPECT_EQ(::pread(right.descriptor(), copy.data(), std::min<std::size_t>(bytes, 164), 0),
              static_cast<ssize_t>(std::min<std::size_t>(bytes, 164)));
    if (field < bytes) copy[field] = static_cast<char>(copy[field] ^ change);
    const int descriptor = ::memfd_create("other", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    EXPECT_EQ(::write(descriptor, copy.data(), bytes), static_cast<ssize_t>(bytes));
    EXPECT_EQ(::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    return descriptor;
  };
  const auto is_refused = [&](std::size_t field, std::uint8_t change, std::size_t bytes) {
    const int descriptor = sealed(field, change, bytes);
    const int before = open_descriptors();
    try {
      (void)SharedMemory::attach(descriptor, 42);
      ::close(descriptor);
      return false;
    } catch (const LayoutError&) {
      EXPECT_EQ(open_descriptors(), before);
      ::close(descriptor);
      return true;
    }
  };
  EXPECT_FALSE(is_refused(164, 0, 164)) << "an unchanged copy is right";
  for (std::size_t field = 0; field < 32; ++field) {
    EXPECT_TRUE(is_refused(field, 1, 164)) << "byte " << field;
    EXPECT_TRUE(is_refused(field, 0x80, 164)) << "byte " << field;
  }
  for (std::size_t bytes : {0, 1, 63, 64, 65, 163, 165, 4096}) {
    EXPECT_TRUE(is_refused(4096, 0, bytes)) << bytes << " bytes";
  }
  SharedMemory right = SharedMemory::create(100, 42);
  EXPECT_THROW((void)SharedMemory::attach(right.descriptor(), 43), LayoutError);
  EXPECT_EQ(errno_of([] { (void)SharedMemory::attach(-1); }), EBADF);
}

TEST(SharedMemory, AFileThatIsNoneOfThisLibrarysIsNeitherAttachedNorRemoved) {
  const std::string name = a_name("foreign");
  const int descriptor = ::open(("/dev/shm/" + name).c_str(), O_CREAT | O_RDWR | O_EXCL, 0600);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(::ftruncate(descriptor, 4096), 0);
  ::close(descriptor);
  EXPECT_THROW((void)SharedMemory::attach_named(name), LayoutError);
  EXPECT_FALSE(SharedMemory::remove_abandoned(name));
  EXPECT_TRUE(is_in_dev_shm(name));
  EXPECT_EQ(::unlink(("/dev/shm/" + name).c_str()), 0);
}

// SH8.
TEST(SharedMemory, RunningOutOfDescriptorsIsAnErrorAndLeaksNone) {
  const int before = open_descriptors();
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const rlimit few{static_cast<rlim_t>(before) + 4, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  int refused = 0;
  {
    std::vector<SharedMemory> all;
    while (refused == 0 && all.size() < 64) {
      refused = errno_of([&] { all.push_back(SharedMemory::create(100)); });
    }
    EXPECT_LT(all.size(), 64U);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(refused, EMFILE);
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace weft::ipc
