// SharedMemory: a piece of memory that several processes map, as Python's
// multiprocessing.shared_memory.
//
// Without a name it is a memfd: nothing is left behind however its processes end, and it is sealed,
// so that nobody who has its descriptor can cut it off under the others. Another process gets it
// by fork() (the mapping is inherited), or by the descriptor.
//
// With a name it is a file in /dev/shm, open to this user alone (0600). It appears complete or not
// at all: no process sees it half-made. Its owner, the object that created it, unlinks the name
// when it closes; who attached never does. A creator that is killed leaves the name;
// remove_abandoned() takes away what a dead creator left and nothing else. Named ones cannot be
// sealed: whoever runs as the same user could cut them off.
//
// All pages are there when create returns: a full /dev/shm is an error then (ENOSPC), not a SIGBUS
// later. Before the content lies a header that attach checks:
//
//   bytes | what
//   0..7  | magic
//   8..11 | version of the header
//  12..15 | 0x01020304, as this machine stores it
//  16..23 | size of the content
//  24..31 | layout: what the creator calls the shape of its content, for attach to compare
//  32..39 | creator: a thread of owner.h
//  64..   | content, zeroed
//
// Thread safety: a SharedMemory belongs to one thread at a time; the content is everybody's.
// Invariants:    (I1) size() bytes at data() can be read and written until close().
//                (I2) a name is unlinked by its owner, in the process that created it, at most
//                once.
// Non-invariants: that a peer keeps to the layout: what it writes may be anything. size() is the
//                checked one, not what the header says later.
// Memory ordering: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "primitives/ipc/ipc_errors.h"

namespace weft::ipc {

class SharedMemory {
 public:
  // ValueError for a size of 0; std::system_error with the system's errno for all that it refuses
  // (ENOSPC, EMFILE, ...), and then nothing is left.
  static SharedMemory create(std::size_t size, std::uint64_t layout = 0);
  // `name` has no slash and at most 200 bytes. EEXIST if it is taken.
  static SharedMemory create_named(const std::string& name, std::size_t size,
                                   std::uint64_t layout = 0);
  // ENOENT if there is none. LayoutError if it is not as its creator must have made it, or of
  // another layout.
  static SharedMemory attach_named(const std::string& name, std::uint64_t layout = 0);
  // The descriptor is duplicated. LayoutError also if it is not sealed against shrinking.
  static SharedMemory attach(int descriptor, std::uint64_t layout = 0);
  // Unlinks a name whose creator is dead. False, and nothing has happened, if there is no such
  // name, its creator lives, or it is not this library's.
  static bool remove_abandoned(const std::string& name);

  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  // Null after close().
  void* data() const { return content_; }
  std::size_t size() const { return size_; }
  std::span<std::byte> bytes() const { return {static_cast<std::byte*>(content_), size_}; }
  // Empty without one.
  const std::string& name() const { return name_; }
  // Closed on exec. Of this object: -1 after close() and after close_descriptor().
  int descriptor() const { return descriptor_; }
  bool is_owner() const { return owner_process_ != 0; }

  // Gives up the descriptor and keeps the mapping.
  void close_descriptor();
  // Unmaps, and unlinks a name that this object owns. Again: nothing.
  void close();
  // Takes the name away; the mappings live on. RuntimeError without a name; ENOENT if it is gone.
  void unlink();

 private:
  SharedMemory() = default;
  void adopt(SharedMemory& other) noexcept;
  // With pages, mapped, behind a header.
  void fill(std::size_t size, std::uint64_t layout);
  void map(std::size_t size);
  void check(std::uint64_t layout);

  void* mapping_ = nullptr;  // the header
  void* content_ = nullptr;
  std::size_t size_ = 0;  // of the content
  std::string name_;
  int descriptor_ = -1;
  int owner_process_ = 0;  // 0: not owned; else the only process that unlinks
};

}  // namespace weft::ipc
