#include "stress/fault/symbols.h"

#include <cxxabi.h>
#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

namespace weft::fault {
namespace {

using Symbols = std::vector<std::pair<std::string, std::uintptr_t>>;

// What the program's addresses are more than its file says.
std::uintptr_t offset_of_program() {
  std::uintptr_t offset = 0;
  (void)::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* to) {
        *static_cast<std::uintptr_t*>(to) = info->dlpi_addr;
        return 1;  // the program is the first
      },
      &offset);
  return offset;
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : name;
}

// Whether a symbol is that function, and not what is declared inside of it.
bool is_function(const std::string& symbol, const std::string& name) {
  if (symbol == name) return true;
  if (!symbol.starts_with(name + "(")) return false;
  int open = 0;
  std::size_t at = name.size();
  do {
    open += symbol[at] == '(' ? 1 : symbol[at] == ')' ? -1 : 0;
  } while (++at < symbol.size() && open != 0);
  return symbol.find("::", at) == std::string::npos;
}

template <class T>
T read_at(const std::string& file, std::size_t at) {
  if (at + sizeof(T) > file.size()) throw std::runtime_error("the program's file is cut off");
  T value;
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}

Symbols read_symbols() {
  std::ifstream in("/proc/self/exe", std::ios::binary);
  const std::string file((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto head = read_at<Elf64_Ehdr>(file, 0);
  const auto section = [&](std::size_t index) {
    return read_at<Elf64_Shdr>(file, head.e_shoff + index * head.e_shentsize);
  };
  const std::uintptr_t offset = offset_of_program();
  Symbols symbols;
  for (std::size_t i = 0; i < head.e_shnum; ++i) {
    const Elf64_Shdr table = section(i);
    if (table.sh_type != SHT_SYMTAB) continue;
    const Elf64_Shdr names = section(table.sh_link);
    for (std::size_t at = 0; at < table.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = read_at<Elf64_Sym>(file, table.sh_offset + at);
      if (ELF64_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_value == 0) continue;
      symbols.emplace_back(demangled(file.c_str() + names.sh_offset + symbol.st_name),
                           offset + symbol.st_value);
    }
  }
  if (symbols.empty()) throw std::runtime_error("the program has no symbols: it was stripped");
  return symbols;
}

}  // namespace

std::vector<std::uintptr_t> addresses_of(const std::string& name) {
  static const Symbols symbols = read_symbols();
  std::vector<std::uintptr_t> addresses;
  for (const auto& [symbol, address] : symbols) {
    if (is_function(symbol, name)) addresses.push_back(address);
  }
  if (addresses.empty()) throw std::invalid_argument("the program has no function " + name);
  return addresses;
}

}  // namespace weft::fault
