// Code addresses as indices of a Finding's frames.
//
// Thread safety: values, one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

// Addresses are added first; then one run of a symbolizer names them all, and the variables.
class RecordedPlaces {
 public:
  // `addresses` are return addresses, innermost first; 0 ends them.
  void add(const std::uintptr_t* addresses);
  void add_variable(std::uintptr_t address);
  void symbolize(Finding& finding);

  // After symbolize(): the frames of a stack, from the innermost to the outermost of the tested code.
  std::vector<unsigned> stack(const std::uintptr_t* addresses, const Finding& finding) const;
  // Empty if it is no variable of the program.
  std::string variable(std::uintptr_t address) const;

 private:
  std::map<std::uintptr_t, std::vector<unsigned>> frames_;
  std::map<std::uintptr_t, std::string> variables_;
};

// The innermost frame of the tested code. The stack's size if there is none.
unsigned tested_place(const std::vector<unsigned>& stack, const Finding& finding);
}  // namespace weft::report
