#include "stress/program/image.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "stress/explore/context.h"
#include "stress/explore/raw.h"

namespace weft::program {
namespace {

using explore::raw_syscall;

constexpr uintptr_t kPage = 4096;
constexpr unsigned kRanges = 512;

// Where an image begins and ends within a page, pages have other pieces than themselves.
struct Piece {
  uintptr_t begin;
  uintptr_t bytes;
  bool is_zero;  // then there is no copy
  uintptr_t copy;
};

Shared* memory = nullptr;
// Whole pages: those of the image that may only be read until they are copied.
Range ranges[kRanges];
unsigned range_count = 0;
Piece pieces[Shared::kPages];
unsigned piece_count = 0;
uintptr_t copies = 0;
bool is_kept = false;

uintptr_t page_of(uintptr_t address) { return address & ~(kPage - 1); }

bool all_zero(uintptr_t begin, uintptr_t bytes) {
  const auto* at = reinterpret_cast<const char*>(begin);
  for (uintptr_t i = 0; i < bytes; ++i) {
    if (at[i] != 0) return false;
  }
  return true;
}

// False if there are too many.
bool copy(uintptr_t begin, uintptr_t bytes) {
  if (piece_count == Shared::kPages) return false;
  const uintptr_t to = copies + piece_count * kPage;
  const bool is_zero = all_zero(begin, bytes);
  if (!is_zero) {
    explore::copy_bytes(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(begin), bytes);
  }
  pieces[piece_count++] = {begin, bytes, is_zero, to};
  return true;
}

bool protect(uintptr_t begin, uintptr_t end, int protection) {
  return begin >= end || raw_syscall(SYS_mprotect, long(begin), long(end - begin), protection) == 0;
}

// The first page that is known to be changed and not below this one.
unsigned first_changed(uintptr_t page) {
  unsigned low = 0;
  for (auto high = static_cast<unsigned>(memory->changed_pages); low < high;) {
    const unsigned middle = (low + high) / 2;
    if (memory->changed_page[middle] < page) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool is_known(uintptr_t page) {
  const unsigned at = first_changed(page);
  return at < memory->changed_pages && memory->changed_page[at] == page;
}

// False if there are too many.
bool know_page(uintptr_t page) {
  const unsigned at = first_changed(page);
  if (at < memory->changed_pages && memory->changed_page[at] == page) return true;
  if (memory->changed_pages == Shared::kPages) return false;
  for (uint64_t i = memory->changed_pages; i > at; --i) {
    memory->changed_page[i] = memory->changed_page[i - 1];
  }
  memory->changed_page[at] = page;
  ++memory->changed_pages;
  return true;
}

// Adds [begin, end) to the image.
bool keep(uintptr_t begin, uintptr_t end) {
  if (begin >= end) return true;
  // Parts of pages are copied at once; the rest of such a page is to be written to.
  const uintptr_t first = page_of(begin + kPage - 1);
  const uintptr_t last = page_of(end);
  if (first > last) return copy(begin, end - begin);
  if (begin < first && !copy(begin, first - begin)) return false;
  if (last < end && !copy(last, end - last)) return false;
  if (first == last) return true;
  if (range_count == kRanges) return false;
  ranges[range_count++] = {first, last};
  uintptr_t cold = first;
  for (unsigned i = first_changed(first); i < memory->changed_pages; ++i) {
    const uintptr_t page = memory->changed_page[i];
    if (page >= last) break;
    if (!copy(page, kPage) || !protect(cold, page, PROT_READ)) return false;
    cold = page + kPage;
  }
  return protect(cold, last, PROT_READ);
}

bool keep_but(uintptr_t begin, uintptr_t end, const Range* own, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    if (own[i].begin >= end || own[i].end <= begin) continue;
    return keep_but(begin, own[i].begin, own + i + 1, count - i - 1) &&
           keep_but(own[i].end, end, own + i + 1, count - i - 1);
  }
  return keep(begin, end);
}

// /proc/self/maps, a line at a time: "begin-end rwxp offset device inode   name".
class Maps {
 public:
  Maps() : text_(explore::map_memory(0, kBytes)) {
    const long file = raw_syscall(SYS_open, long("/proc/self/maps"), O_RDONLY | O_CLOEXEC);
    if (text_ == 0 || file < 0) return;
    uintptr_t bytes = 0;
    for (long got = 1; got > 0 && bytes + kPage < kBytes; bytes += uintptr_t(got)) {
      got = raw_syscall(SYS_read, file, long(text_ + bytes), long(kBytes - 1 - bytes));
      if (got < 0) got = 0;
    }
    raw_syscall(SYS_close, file);
    is_whole_ = bytes + kPage < kBytes;
    at_ = reinterpret_cast<const char*>(text_);
  }
  ~Maps() { raw_syscall(SYS_munmap, long(text_), long(kBytes)); }
  Maps(const Maps&) = delete;
  Maps& operator=(const Maps&) = delete;

  bool is_whole() const { return is_whole_; }
  bool next() {
    if (at_ == nullptr || *at_ == '\0') return false;
    range.begin = number();
    ++at_;
    range.end = number();
    ++at_;
    is_written = at_[1] == 'w';
    is_code = at_[2] == 'x';
    is_private = at_[3] == 'p';
    is_stack = false;
    for (; *at_ != '\n'; ++at_) {
      if (*at_ == '[' && at_[1] == 's' && at_[2] == 't') is_stack = true;
    }
    ++at_;
    return true;
  }

  Range range = {};
  bool is_written = false;
  bool is_code = false;
  bool is_private = false;
  bool is_stack = false;

 private:
  static constexpr uintptr_t kBytes = 1 << 20;

  uintptr_t number() {
    uintptr_t value = 0;
    for (;; ++at_) {
      if (*at_ >= '0' && *at_ <= '9') {
        value = value * 16 + static_cast<uintptr_t>(*at_ - '0');
      } else if (*at_ >= 'a' && *at_ <= 'f') {
        value = value * 16 + static_cast<uintptr_t>(*at_ - 'a' + 10);
      } else {
        return value;
      }
    }
  }

  const uintptr_t text_;
  const char* at_ = nullptr;
  bool is_whole_ = false;
};

bool begin(const Range* own, unsigned count, uintptr_t stack) {
  copies = explore::map_memory(0, Shared::kPages * kPage);
  if (copies == 0) return false;
  // The kernel itself writes to the beginning of a thread's block, whenever it likes (rseq).
  const uintptr_t block = explore::thread_pointer();
  for (uintptr_t page = page_of(block - kPage); page <= block + kPage; page += kPage) {
    if (!know_page(page)) return false;
  }
  Maps maps;
  if (!maps.is_whole()) return false;
  while (maps.next()) {
    if (!maps.is_written || !maps.is_private) continue;
    Range range = maps.range;
    if (range.begin >= kWeftsOwn.begin && range.end <= kWeftsOwn.end) continue;
    if (maps.is_code) return false;
    if (maps.is_stack) range.begin = stack;
    if (!keep_but(range.begin, range.end, own, count)) return false;
  }
  return true;
}

}  // namespace

bool begin_image(Shared& shared, const Range* own, unsigned count, uintptr_t stack) {
  memory = &shared;
  is_kept = begin(own, count, stack);
  if (!is_kept) open_image();
  return is_kept;
}

void restore_image() {
  for (unsigned i = 0; i < piece_count; ++i) {
    const Piece& piece = pieces[i];
    auto* to = reinterpret_cast<void*>(piece.begin);
    if (piece.is_zero) {
      explore::zero_bytes(to, piece.bytes);
    } else {
      explore::copy_bytes(to, reinterpret_cast<const void*>(piece.copy), piece.bytes);
    }
  }
}

bool may_write_now(uintptr_t address) {
  if (!is_kept) return false;
  const uintptr_t page = page_of(address);
  for (unsigned i = 0; i < range_count; ++i) {
    if (page < ranges[i].begin || page >= ranges[i].end) continue;
    if (is_known(page)) return false;
    if (!copy(page, kPage) || !know_page(page)) {
      open_image();
      return true;
    }
    return protect(page, page + kPage, PROT_READ | PROT_WRITE);
  }
  return false;
}

void touch(uintptr_t address, uintptr_t bytes) {
  if (bytes == 0) return;
  for (uintptr_t page = page_of(address); page <= page_of(address + bytes - 1); page += kPage) {
    may_write_now(page);
  }
}

void open_image() {
  is_kept = false;
  for (unsigned i = 0; i < range_count; ++i) {
    protect(ranges[i].begin, ranges[i].end, PROT_READ | PROT_WRITE);
  }
}

bool image_is_kept() { return is_kept; }

}  // namespace weft::program
