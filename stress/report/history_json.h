// The history of a finding as JSON and back, see docs/finding-json.md.
//
// Thread safety: any thread.
#pragma once

#include <string>

#include "stress/report/field_reader.h"
#include "stress/report/history.h"

namespace weft::report {

std::string json_of(const History& history);
// Throws FindingError, see finding_json.h.
History history_from(const FieldReader& reader);

}  // namespace weft::report
