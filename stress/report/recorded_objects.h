// The objects that threads met at in a recorded execution, and their names.
//
// Thread safety: as recorded.h.
// Invariants:     (I1) two events have one object iff they met at the same place in memory with the
//                      same sort of operation: the lock in a struct is another object than the
//                      number that the lock is made of.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/report/finding.h"
#include "stress/report/recorded_places.h"

namespace weft::report {

// "Lock 'alice'", "atomic counter", "mutex 2".
std::string in_words(const Object& object);
// Whether an address is in the memory of a loaded program or library.
bool is_in_program(std::uint64_t address);

class RecordedObjects {
 public:
  // Events in order, then the threads' ends.
  void add(unsigned event);
  void add_end(const explore::ThreadFacts& facts);
  void add_access(std::uintptr_t address);
  std::vector<std::uintptr_t> globals() const;
  void name(Finding& finding, RecordedPlaces& places);

  std::optional<unsigned> of_event(unsigned event) const { return of_event_[event]; }
  std::optional<unsigned> second_of_event(unsigned event) const { return second_of_event_[event]; }
  // Of what was added last.
  std::optional<unsigned> of_access() const { return of_access_; }
  std::optional<unsigned> at_end(const explore::ThreadFacts& facts) const;

 private:
  struct Known {
    std::uintptr_t address = 0;
    std::uint64_t stable = 0;
    std::uint32_t annotated = 0;
    std::string kind;
  };
  using Key = std::pair<std::uint64_t, bool>;  // a stable name; whether it is met as a number

  unsigned known(std::uintptr_t address, std::uint64_t stable, std::uint32_t annotated,
                 explore::Op op);
  Object described(const Known& known, const Finding& finding, const RecordedPlaces& places) const;

  std::vector<Known> objects_;
  std::map<Key, unsigned> by_key_;
  std::map<std::uint32_t, unsigned> by_annotation_;
  std::map<std::uintptr_t, unsigned> by_address_;  // the last that was met there
  std::vector<std::optional<unsigned>> of_event_;
  std::vector<std::optional<unsigned>> second_of_event_;
  std::optional<unsigned> of_access_;
};

}  // namespace weft::report
