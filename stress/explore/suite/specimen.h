// The suite: small programs that use one facility each, rightly or wrongly, with what a search must
// make of them. Written once; one test asks for their verdicts, others run them on both back ends,
// and again and again.
//
// A source registers its specimens at namespace scope:
//
//   const Specimen excludes({.name = "Mutex.ExcludesTheOther", .holds = true}, [](Run& run) {
//     ...
//   });
//
// Thread safety: registration while the program starts; a body as weft::check's.
// Invariants:     (I1) a body keeps no state between its executions unless `keeps_state` says so.
//                 (I2) bodies say what must hold by Run::require() alone, so that they run without
//                      a test framework, too.
#pragma once

#include <optional>
#include <source_location>
#include <string_view>
#include <vector>

#include "stress/run/options.h"
#include "stress/run/report.h"
#include "stress/run/run.h"

namespace weft::suite {

struct Facts {
  std::string_view name;  // "Facility.Property"
  // Of a wrong use: what is found, and words of the sentence that tells it.
  std::optional<Kind> violates = {};
  std::string_view says = {};
  // Of a right use: it is small enough for every schedule to be run.
  bool holds = false;
  // Why it cannot run on real threads; empty if it can. A wrong use never does.
  std::string_view explored_only = {};
  // Why its executions may differ; empty if they may not.
  std::string_view keeps_state = {};
  Options options = {};
};

class Specimen {
 public:
  using Body = void (*)(Run&);

  Specimen(const Facts& facts, Body body,
           std::source_location place = std::source_location::current());
  Specimen(const Specimen&) = delete;
  Specimen& operator=(const Specimen&) = delete;

  const Facts& facts() const { return facts_; }
  Body body() const { return body_; }
  // Where it is registered.
  const std::source_location& place() const { return place_; }

 private:
  const Facts facts_;
  const Body body_;
  const std::source_location place_;
};

// By name.
std::vector<const Specimen*> all_specimens();

}  // namespace weft::suite
