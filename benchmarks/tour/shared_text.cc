#include "benchmarks/tour/shared_text.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace weft::tour {

struct SharedText::Memory {
  static constexpr std::size_t kRoom = 1 << 16;
  std::atomic<std::size_t> size;  // what is before it is complete
  char text[kRoom];
};

SharedText::SharedText()
    // Zeroed by the system, which is the empty text.
    : memory_(static_cast<Memory*>(mmap(nullptr, sizeof(Memory), PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
  if (memory_ == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "SharedText: mmap");
  }
}

SharedText::~SharedText() { munmap(memory_, sizeof(Memory)); }

void SharedText::append(std::string_view text) {
  const std::size_t size = memory_->size.load();
  const std::size_t length = std::min(text.size(), Memory::kRoom - size);
  std::memcpy(memory_->text + size, text.data(), length);
  memory_->size.store(size + length);
}

std::string SharedText::read() const { return std::string(memory_->text, memory_->size.load()); }

}  // namespace weft::tour
