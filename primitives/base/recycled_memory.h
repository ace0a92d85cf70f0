// RecycledMemory: memory for the frames of coroutines and the futures of a pool's tasks, which come
// and go in the order of a stack and in few sizes. Each thread keeps some freed ones for its next.
//
// Under a sanitizer or the explorer it is the plain allocator, so that they see every piece's end.
//
// Thread safety: every function from any thread; a piece may be freed by another thread than the
// one that allocated it. Invariant: a thread keeps at most kKept pieces of each size, and none
// after its end. Alignment: that of operator new without an alignment.
#pragma once

#include <cstddef>
#include <new>

namespace weft::internal {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEFT_PLAIN_MEMORY 1
#endif
#endif

class RecycledMemory {
 public:
  static constexpr std::size_t kStep = 64;
  static constexpr std::size_t kSizes = 8;  // up to 512 bytes
  static constexpr unsigned kKept = 32;

#ifdef WEFT_PLAIN_MEMORY
  static constexpr bool kKeeps = false;
  static void* allocate(std::size_t size) { return ::operator new(size); }
  static void free(void* piece, std::size_t size) noexcept { ::operator delete(piece, size); }
#else
  static constexpr bool kKeeps = true;
  static void* allocate(std::size_t size) {
    const std::size_t index = (size - 1) / kStep;
    if (index < kSizes) {
      Shelf& shelf = shelves_[index];
      if (Kept* const kept = shelf.first; kept != nullptr) {
        shelf.first = kept->next;
        ++shelf.room;
        return kept;
      }
      size = (index + 1) * kStep;
    }
    return ::operator new(size);
  }
  static void free(void* piece, std::size_t size) noexcept {
    const std::size_t index = (size - 1) / kStep;
    if (index < kSizes) {
      Shelf& shelf = shelves_[index];
      if (shelf.room == 0 && !open(shelf)) {
        ::operator delete(piece);
        return;
      }
      --shelf.room;
      shelf.first = new (piece) Kept{shelf.first};
      return;
    }
    ::operator delete(piece);
  }
#endif

 private:
  struct Kept {
    Kept* next;
  };
  struct Shelf {
    Kept* first = nullptr;
    unsigned room = 0;     // for so many more
    bool is_open = false;  // the thread's end will clear it
  };

  // Gives a shelf its room when the thread first needs it. False if it is full, or the thread ends.
  static bool open(Shelf& shelf) noexcept;
  static void clear() noexcept;

  // Without a destructor, hence without a check at each use; open() sees to their end.
  static constinit thread_local Shelf shelves_[kSizes];
  static constinit thread_local bool ended_;
};

// A base of classes whose objects, or coroutine frames, are to come from there; not if they ask for
// more alignment than that.
struct Recycled {
  static void* operator new(std::size_t size) { return RecycledMemory::allocate(size); }
  static void operator delete(void* piece, std::size_t size) noexcept {
    RecycledMemory::free(piece, size);
  }
};

}  // namespace weft::internal
