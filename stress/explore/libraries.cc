// Which shared libraries are not instrumented: code whose atomic operations and plain accesses go
// unseen.
#include <elf.h>
#include <link.h>
#include <string.h>

#include "stress/explore/explore.h"

namespace weft::explore {
namespace {

// Of the system and of the compilers. What they do that concerns threads, they do through functions
// that the runtime stands in front of.
constexpr const char* kOfTheSystem[] = {
    "ld-linux",     "libc.so",      "libm.so",       "libdl.so",   "librt.so",
    "libmvec.so",   "libgcc_s.so",  "libpthread.so", "libc++.so",  "libc++abi.so",
    "libatomic.so", "libstdc++.so", "libnss_",       "linux-vdso",
};

const char* base_name(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

bool is_of_the_system(const char* name) {
  for (const char* beginning : kOfTheSystem) {
    if (strncmp(name, beginning, strlen(beginning)) == 0) return true;
  }
  return false;
}

// What a library needs of others comes first among its symbols, before those in the table of what
// others can find.
uint32_t count_imports(const ElfW(Dyn) * dynamic) {
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    if (dynamic->d_tag == DT_GNU_HASH) {
      return reinterpret_cast<const uint32_t*>(dynamic->d_un.d_ptr)[1];
    }
    if (dynamic->d_tag == DT_HASH) {
      return reinterpret_cast<const uint32_t*>(dynamic->d_un.d_ptr)[1];
    }
  }
  return 0;
}

// Instrumented code asks for __tsan_init(), or is the runtime itself.
bool knows_the_runtime(const ElfW(Dyn) * dynamic) {
  const uint32_t count = count_imports(dynamic);
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  for (const ElfW(Dyn)* entry = dynamic; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SYMTAB) symbols = reinterpret_cast<ElfW(Sym)*>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(entry->d_un.d_ptr);
  }
  for (uint32_t i = 0; symbols != nullptr && i < count; ++i) {
    if (strcmp(names + symbols[i].st_name, "__tsan_init") == 0) return true;
  }
  return false;
}

bool holds(const dl_phdr_info& info, uintptr_t address) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && address - info.dlpi_addr - segment.p_vaddr < segment.p_memsz) {
      return true;
    }
  }
  return false;
}

struct Visit {
  void (*found)(const char* name, void* argument);
  void* argument;
};

int look_at(dl_phdr_info* info, size_t, void* argument) {
  const auto* visit = static_cast<const Visit*>(argument);
  const char* name = base_name(info->dlpi_name);
  // The program itself has no name; whether it is instrumented, its accesses tell.
  if (name[0] == '\0' || is_of_the_system(name)) return 0;
  if (holds(*info, reinterpret_cast<uintptr_t>(for_each_uninstrumented_library))) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const auto* dynamic =
        reinterpret_cast<ElfW(Dyn)*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    if (!knows_the_runtime(dynamic)) visit->found(name, visit->argument);
  }
  return 0;
}

}  // namespace

void for_each_uninstrumented_library(void (*found)(const char* name, void* argument),
                                     void* argument) {
  Visit visit{found, argument};
  dl_iterate_phdr(look_at, &visit);
}

}  // namespace weft::explore
