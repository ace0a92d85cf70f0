#include "stress/explore/test_framework.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include "stress/explore/array.h"
#include "stress/explore/startup.h"

namespace weft::explore {
namespace {

struct Function {
  uintptr_t begin;  // relative to where the program was loaded
  uintptr_t end;
};

Array<Function> functions;  // of GoogleTest, by address; those that touch are one

bool is_of_testing(const char* mangled) {
  return strncmp(mangled, "_ZN7testing", 11) == 0 || strncmp(mangled, "_ZNK7testing", 12) == 0;
}

// The program's file, for as long as it is looked at.
class File {
 public:
  File() {
    const long file = raw_syscall(SYS_open, long("/proc/self/exe"), O_RDONLY);
    if (raw_failed(file)) return;
    const long size = raw_syscall(SYS_lseek, file, 0, 2);
    const long at = raw_syscall(SYS_mmap, 0, size, PROT_READ, MAP_PRIVATE, file);
    raw_syscall(SYS_close, file);
    if (raw_failed(at)) return;
    begin_ = reinterpret_cast<const char*>(at);
    size_ = static_cast<uint64_t>(size);
  }
  ~File() {
    if (begin_ != nullptr) raw_syscall(SYS_munmap, long(begin_), long(size_));
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Null if it does not go so far.
  template <class T>
  const T* at(uint64_t offset, uint64_t count = 1) const {
    const bool fits = begin_ != nullptr && offset <= size_ && count <= (size_ - offset) / sizeof(T);
    return fits ? reinterpret_cast<const T*>(begin_ + offset) : nullptr;
  }

 private:
  const char* begin_ = nullptr;
  uint64_t size_ = 0;
};

void add_functions(const File& file, const ElfW(Shdr) & symbols, const ElfW(Shdr) & names) {
  const uint64_t count = symbols.sh_size / sizeof(ElfW(Sym));
  const auto* symbol = file.at<ElfW(Sym)>(symbols.sh_offset, count);
  const char* text = file.at<char>(names.sh_offset, names.sh_size);
  if (symbol == nullptr || text == nullptr) return;
  for (uint64_t i = 0; i < count; ++i) {
    if ((symbol[i].st_info & 0xf) != STT_FUNC || symbol[i].st_name >= names.sh_size) continue;
    if (symbol[i].st_value == 0 || !is_of_testing(text + symbol[i].st_name)) continue;
    functions.push({symbol[i].st_value, symbol[i].st_value + symbol[i].st_size});
  }
}

// By insertion: the linker has put most of them in order.
void sort_and_join() {
  for (uint32_t i = 1; i < functions.size(); ++i) {
    const Function function = functions[i];
    uint32_t at = i;
    for (; at > 0 && functions[at - 1].begin > function.begin; --at)
      functions[at] = functions[at - 1];
    functions[at] = function;
  }
  constexpr uintptr_t kPadding = 16;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < functions.size(); ++i) {
    if (kept > 0 && functions[i].begin <= functions[kept - 1].end + kPadding) {
      if (functions[i].end > functions[kept - 1].end) functions[kept - 1].end = functions[i].end;
    } else {
      functions[kept++] = functions[i];
    }
  }
  functions.resize(kept);
}

void read_functions() {
  const File file;
  const auto* header = file.at<ElfW(Ehdr)>(0);
  if (header == nullptr) return;
  const auto* sections = file.at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  for (unsigned i = 0; sections != nullptr && i < header->e_shnum; ++i) {
    if (sections[i].sh_type != SHT_SYMTAB || sections[i].sh_link >= header->e_shnum) continue;
    add_functions(file, sections[i], sections[sections[i].sh_link]);
  }
  sort_and_join();
}

bool look_up(uintptr_t caller) {
  if (!is_in_program(caller)) {
    Dl_info info{};
    return dladdr(reinterpret_cast<const void*>(caller), &info) != 0 && info.dli_sname != nullptr &&
           is_of_testing(info.dli_sname);
  }
  const uintptr_t place = caller - load_address();
  uint32_t low = 0;
  uint32_t high = functions.size();
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (functions[middle].begin < place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low > 0 && place <= functions[low - 1].end;
}

}  // namespace

void know_test_framework() {
  if (functions.size() == 0) read_functions();
}

bool is_in_test_framework(uintptr_t caller) {
  struct Known {
    uintptr_t caller;
    bool answer;
  };
  static Known known[256];
  Known& place = known[caller % 256];
  if (place.caller != caller) place = {caller, look_up(caller)};
  return place.answer;
}

}  // namespace weft::explore
