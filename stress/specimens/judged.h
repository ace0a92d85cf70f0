// How specimens are judged: a body that says what broke, and the word for how that shows.
//
// Thread safety: pure functions; a judged body as the specimen's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "stress/run/report.h"
#include "stress/run/run.h"

namespace weft {

// What `body` says broke is a violated property.
Body judged(std::string (*body)());

// The kind of this name, "deadlock"; none if no kind has it.
std::optional<Kind> kind_named(std::string_view name);

// The same of a name that a specimen promises: throws std::invalid_argument if no kind has it.
Kind kind_of(std::string_view name);

}  // namespace weft
