// Code addresses as indices of a Finding's frames.
//
// Thread safety: values, one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "stress/report/finding.h"

namespace weft::report {

// Addresses are added first; then one run of a symbolizer names them all, and the variables.
class RecordedPlaces {
 public:
  // `addresses` are return addresses, innermost first; 0 ends them.
  void add(const std::uintptr_t* addresses);
  void add_variable(std::uintptr_t address);
  void symbolize();

  // After symbolize(): the frames of a stack, from the innermost to the outermost of the tested
  // code. Those that the finding does not have yet are added to it.
  std::vector<unsigned> stack(const std::uintptr_t* addresses, Finding& finding);
  // Empty if it is no variable of the program.
  std::string variable(std::uintptr_t address) const;

 private:
  unsigned number_of(const Frame& frame, Finding& finding);

  std::map<std::uintptr_t, std::vector<Frame>> frames_;
  // In the order of first use: that of addresses is another in every process.
  std::map<std::tuple<std::string, std::string, unsigned>, unsigned> numbers_;
  std::map<std::uintptr_t, std::string> variables_;
};

}  // namespace weft::report
