// The tour's result as one page that needs nothing else: no script, no request, light and dark by
// the reader's choice, fit for paper.
//
// Thread safety: any thread.
#pragma once

#include <string>
#include <string_view>

#include "benchmarks/tour/model.h"

namespace weft::tour {

// Text that stands for itself, inside an element or a quoted attribute. Control characters, which a
// page may not contain, and bytes that are not UTF-8 become U+FFFD.
std::string html_text(std::string_view text);

std::string to_html(const Result& result);

}  // namespace weft::tour
