// The tour's result as JSON, for dashboards.
//
// Thread safety: any thread.
#pragma once

#include <string>

#include "benchmarks/tour/model.h"

namespace weft::tour {

// The whole file, with a final newline:
//   {"weft_tour": 1, "date": ..., "as_expected": ..., "seconds": ..., "machine": {...},
//    "warnings": [...], "interference": 0.01 or null,
//    "parts": [{"key": ..., "title": ..., "about": ..., "outcome": ..., "total": ...,
//    "as_expected": ...,
//               "seconds": ..., "rows": [{<a name for each column>, "as_expected": ..., "details":
//               ...}]}]}
std::string to_json(const Result& result);

}  // namespace weft::tour
