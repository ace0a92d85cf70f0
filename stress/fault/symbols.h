// Where the functions of this program are, by their names in its own symbol table.
//
// Thread safety: any thread.
// Non-invariants: that every call of a function comes there: those that the compiler has inlined do
//                 not, and a function of which all calls are inlined has no place at all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::fault {

// `name` with its scopes and without its parameters: "weft::ipc::Lock::recover". All that have it.
// Throws std::invalid_argument if there is none, std::runtime_error if the program cannot be read.
std::vector<std::uintptr_t> addresses_of(const std::string& name);

}  // namespace weft::fault
