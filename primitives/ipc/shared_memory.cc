#include "primitives/ipc/shared_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/ipc/owner.h"

namespace weft::ipc {
namespace {

constexpr std::uint64_t kMagic = 0x6d656d2074666577;  // "weft mem"
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr std::size_t kMostNameBytes = 200;
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

struct alignas(64) Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t byte_order;
  std::uint64_t size;
  std::uint64_t layout;
  std::uint64_t creator;
};
static_assert(sizeof(Header) == 64);

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::system_category(), "SharedMemory: " + what);
}

std::string path_of(const std::string& name) {
  if (name.empty() || name.size() > kMostNameBytes || name == "." || name == ".." ||
      name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
    throw ValueError("SharedMemory: a name has 1 to 200 bytes and no slash, it is \"" + name +
                     "\"");
  }
  return "/dev/shm/" + name;
}

// More than all memory is refused here: where nothing else bounds it, the kernel would give out
// pages until it has to kill somebody.
void require_size(std::size_t size) {
  if (size == 0) throw ValueError("SharedMemory: the size must not be 0");
  const auto pages = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  if (size / page >= pages) fail(ENOSPC, std::to_string(size) + " bytes");
}

// A signal is no reason to fail.
int open_anyhow(const char* path, int flags) {
  int descriptor;
  do {
    descriptor = ::open(path, flags | O_CLOEXEC, 0600);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

void allocate(int descriptor, std::size_t size) {
  int error;
  do {
    error = ::ftruncate(descriptor, static_cast<off_t>(size)) == 0 ? 0 : errno;
  } while (error == EINTR);
  if (error != 0) fail(error, std::to_string(size) + " bytes");
  do {
    error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(size));
  } while (error == EINTR);
  if (error != 0) fail(error, std::to_string(size) + " bytes");
}

// Whoever checks a header looks at a copy: a peer may write while it looks.
Header read_header(int descriptor, const std::string& what) {
  Header header{};
  ssize_t size;
  do {
    size = ::pread(descriptor, &header, sizeof header, 0);
  } while (size < 0 && errno == EINTR);
  if (size < 0) fail(errno, what);
  if (static_cast<std::size_t>(size) != sizeof header || header.magic != kMagic) {
    throw LayoutError("SharedMemory: " + what + " is no shared memory of this library");
  }
  return header;
}

}  // namespace

SharedMemory SharedMemory::create(std::size_t size, std::uint64_t layout) {
  require_size(size);
  SharedMemory memory;
  memory.descriptor_ = ::memfd_create("weft", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (memory.descriptor_ < 0) fail(errno, "memfd_create");
  memory.fill(size, layout);
  if (::fcntl(memory.descriptor_, F_ADD_SEALS, kSeals) != 0) fail(errno, "seals");
  return memory;
}

SharedMemory SharedMemory::create_named(const std::string& name, std::size_t size,
                                        std::uint64_t layout) {
  const std::string path = path_of(name);
  require_size(size);
  SharedMemory memory;
  // Nameless until it is complete.
  memory.descriptor_ = open_anyhow("/dev/shm", O_TMPFILE | O_RDWR);
  if (memory.descriptor_ < 0) fail(errno, "/dev/shm");
  memory.fill(size, layout);
  const std::string link = "/proc/self/fd/" + std::to_string(memory.descriptor_);
  if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    fail(errno, name);
  }
  memory.owner_process_ = ::getpid();
  memory.name_ = name;
  return memory;
}

SharedMemory SharedMemory::attach_named(const std::string& name, std::uint64_t layout) {
  SharedMemory memory;
  const std::string path = path_of(name);
  memory.descriptor_ = open_anyhow(path.c_str(), O_RDWR | O_NOFOLLOW);
  if (memory.descriptor_ < 0) fail(errno, name);
  memory.name_ = name;
  memory.check(layout);
  return memory;
}

SharedMemory SharedMemory::attach(int descriptor, std::uint64_t layout) {
  SharedMemory memory;
  memory.descriptor_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (memory.descriptor_ < 0) fail(errno, "descriptor " + std::to_string(descriptor));
  const int seals = ::fcntl(memory.descriptor_, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    throw LayoutError("SharedMemory: the descriptor's memory can be cut off; it is not sealed");
  }
  memory.check(layout);
  return memory;
}

bool SharedMemory::remove_abandoned(const std::string& name) {
  const std::string path = path_of(name);
  SharedMemory memory;
  memory.descriptor_ = open_anyhow(path.c_str(), O_RDONLY | O_NOFOLLOW);
  if (memory.descriptor_ < 0) return false;
  try {
    const Header header = read_header(memory.descriptor_, name);
    if (internal::is_alive(header.creator)) return false;
  } catch (const LayoutError&) {
    return false;
  }
  // Another segment may have got the name since: it must be the one that was looked at.
  struct stat opened{};
  struct stat named{};
  if (::fstat(memory.descriptor_, &opened) != 0 || ::lstat(path.c_str(), &named) != 0) return false;
  if (opened.st_ino != named.st_ino || opened.st_dev != named.st_dev) return false;
  return ::unlink(path.c_str()) == 0;
}

void SharedMemory::check(std::uint64_t layout) {
  const std::string what = name_.empty() ? "the descriptor" : name_;
  const Header header = read_header(descriptor_, what);
  const auto refuse = [&](const std::string& why) {
    throw LayoutError("SharedMemory: " + what + " " + why);
  };
  if (header.byte_order != kByteOrder) refuse("is of a machine with another byte order");
  if (header.version != kVersion) {
    refuse("has version " + std::to_string(header.version) + ", this library has " +
           std::to_string(kVersion));
  }
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) fail(errno, what);
  const auto whole = static_cast<std::uint64_t>(status.st_size);
  if (header.size == 0 || whole < sizeof(Header) || header.size != whole - sizeof(Header)) {
    refuse("has " + std::to_string(whole) + " bytes, which is not what its header says");
  }
  if (header.layout != layout) {
    refuse("has layout " + std::to_string(header.layout) + ", not " + std::to_string(layout));
  }
  map(header.size);
}

void SharedMemory::fill(std::size_t size, std::uint64_t layout) {
  allocate(descriptor_, sizeof(Header) + size);
  map(size);
  new (mapping_) Header{kMagic, kVersion, kByteOrder, size, layout, internal::this_owner()};
}

void SharedMemory::map(std::size_t size) {
  void* const mapping =
      ::mmap(nullptr, sizeof(Header) + size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (mapping == MAP_FAILED) fail(errno, "mmap");
  mapping_ = mapping;
  content_ = static_cast<std::byte*>(mapping) + sizeof(Header);
  size_ = size;
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept { adopt(other); }

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  if (this == &other) return *this;
  close();
  adopt(other);
  return *this;
}

SharedMemory::~SharedMemory() { close(); }

void SharedMemory::adopt(SharedMemory& other) noexcept {
  mapping_ = std::exchange(other.mapping_, nullptr);
  content_ = std::exchange(other.content_, nullptr);
  size_ = std::exchange(other.size_, 0);
  name_ = std::exchange(other.name_, {});
  descriptor_ = std::exchange(other.descriptor_, -1);
  owner_process_ = std::exchange(other.owner_process_, 0);
}

void SharedMemory::close_descriptor() {
  if (descriptor_ >= 0) (void)::close(std::exchange(descriptor_, -1));
}

void SharedMemory::close() {
  // A child of a fork() has a copy of the object, and is not the owner.
  if (std::exchange(owner_process_, 0) == ::getpid()) (void)::unlink(path_of(name_).c_str());
  if (mapping_ != nullptr) (void)::munmap(std::exchange(mapping_, nullptr), sizeof(Header) + size_);
  content_ = nullptr;
  size_ = 0;
  close_descriptor();
}

void SharedMemory::unlink() {
  if (name_.empty()) throw RuntimeError("SharedMemory::unlink: it has no name");
  owner_process_ = 0;
  if (::unlink(path_of(name_).c_str()) != 0) fail(errno, name_);
}

}  // namespace weft::ipc
