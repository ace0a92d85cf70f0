#include "stress/explore/thread_storage.h"

#include <link.h>
#include <stddef.h>
#include <string.h>

#include <cerrno>

#include "stress/explore/array.h"
#include "stress/explore/context.h"

namespace weft::explore {
namespace {

struct Image {
  const char* initial = nullptr;
  uintptr_t file_bytes = 0;
  uintptr_t bytes = 0;
  intptr_t offset = 0;  // from the thread pointer
};

Array<Image> images;
intptr_t errno_offset = 0;

bool is_libc(const char* name) {
  return strstr(name, "/libc.so") != nullptr || strstr(name, "/ld-linux") != nullptr;
}

int add_module(dl_phdr_info* info, size_t, void*) {
  if (info->dlpi_tls_data == nullptr || is_libc(info->dlpi_name)) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_TLS || segment.p_memsz == 0) continue;
    images.push({
        .initial = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr),
        .file_bytes = segment.p_filesz,
        .bytes = segment.p_memsz,
        .offset = static_cast<intptr_t>(uintptr_t(info->dlpi_tls_data) - thread_pointer()),
    });
  }
  return 0;
}

}  // namespace

void find_thread_storage() {
  images.clear();
  dl_iterate_phdr(add_module, nullptr);
  errno_offset = static_cast<intptr_t>(uintptr_t(__errno_location()) - thread_pointer());
}

uintptr_t thread_storage_bytes() {
  intptr_t lowest = 0;
  for (const Image& image : images) {
    if (image.offset < lowest) lowest = image.offset;
  }
  return static_cast<uintptr_t>(-lowest);
}

void restore_thread_storage(uintptr_t tcb) {
  for (const Image& image : images) {
    char* at = reinterpret_cast<char*>(tcb + static_cast<uintptr_t>(image.offset));
    __builtin_memcpy(at, image.initial, image.file_bytes);
    __builtin_memset(at + image.file_bytes, 0, image.bytes - image.file_bytes);
  }
  *reinterpret_cast<int*>(tcb + static_cast<uintptr_t>(errno_offset)) = 0;
}

}  // namespace weft::explore
