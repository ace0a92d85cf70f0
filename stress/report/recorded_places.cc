#include "stress/report/recorded_places.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "stress/run/stacks.h"

namespace weft::report {
namespace {

bool is_in(const std::string& file, std::string_view folder) {
  return file.starts_with(folder) || file.starts_with("external/weft/" + std::string(folder));
}

Role role_of(const internal::SourcePlace& place) {
  if (place.file.empty() || place.file.find("googletest/") != place.file.npos)
    return Role::kLibrary;
  if (is_in(place.file, "primitives/annotate.h")) return Role::kHarness;
  if (is_in(place.file, "primitives/")) return Role::kPrimitive;
  if (place.file.find("/c++/") != place.file.npos) return Role::kLibrary;
  for (std::string_view file : {"stress/run/run.h", "stress/run/explored_run.cc",
                                "stress/run/execution.cc", "stress/check.cc"}) {
    if (is_in(place.file, file)) return Role::kHarness;
  }
  return internal::is_plumbing(internal::to_string(place)) ? Role::kHarness : Role::kTested;
}

// "/usr/bin/../lib/gcc/x/12/../../../../include/c++/12/mutex" is what compilers tell.
std::string normal(const std::string& file) {
  if (!file.starts_with('/')) return file;
  return std::filesystem::path(file).lexically_normal().string();
}

bool is_plumbing(const Frame& frame) {
  return frame.role == Role::kLibrary || frame.role == Role::kHarness;
}

// Below it lie the harness and the test framework.
bool begins_thread(const Frame& frame) {
  static constexpr const char* kBeginnings[] = {
      "::run_body(", "weft::Run::run_thread(", "::begin_thread(", "::run_root(", "weft::program::"};
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings), [&](const char* part) {
    return frame.function.find(part) != std::string::npos;
  });
}

}  // namespace

void RecordedPlaces::add(const std::uintptr_t* addresses) {
  for (; *addresses != 0; ++addresses) frames_[*addresses];
}

void RecordedPlaces::add_variable(std::uintptr_t address) { variables_[address]; }

void RecordedPlaces::symbolize() {
  std::vector<std::vector<void*>> calls;
  for (const auto& [address, frames] : frames_) {
    // A call is a byte or more before the address that it returns to.
    calls.push_back({reinterpret_cast<void*>(address - 1)});
  }
  std::vector<void*> variables;
  for (const auto& [address, name] : variables_) {
    variables.push_back(reinterpret_cast<void*>(address));
  }
  const internal::Symbols symbols = internal::symbols_of(calls, variables);
  auto answer = symbols.stacks.begin();
  for (auto& [address, frames] : frames_) {
    for (const internal::SourcePlace& place : *answer++) {
      frames.push_back({place.function, normal(place.file), place.line, role_of(place)});
    }
  }
  auto name = symbols.variables.begin();
  for (auto& [address, own] : variables_) own = *name++;
}

unsigned RecordedPlaces::number_of(const Frame& frame, Finding& finding) {
  const auto number = static_cast<unsigned>(finding.frames.size());
  const auto [found, fresh] =
      numbers_.try_emplace({frame.function, frame.file, frame.line}, number);
  if (fresh) finding.frames.push_back(frame);
  return found->second;
}

std::vector<unsigned> RecordedPlaces::stack(const std::uintptr_t* addresses, Finding& finding) {
  std::vector<const Frame*> frames;
  bool at_end = false;
  for (; *addresses != 0 && !at_end; ++addresses) {
    for (const Frame& frame : frames_.at(*addresses)) {
      at_end = at_end || begins_thread(frame);
      if (!at_end) frames.push_back(&frame);
    }
  }
  while (!frames.empty() && is_plumbing(*frames.back())) frames.pop_back();
  std::vector<unsigned> stack;
  for (const Frame* frame : frames) stack.push_back(number_of(*frame, finding));
  return stack;
}

std::string RecordedPlaces::variable(std::uintptr_t address) const {
  const auto found = variables_.find(address);
  return found == variables_.end() ? "" : found->second;
}

}  // namespace weft::report
