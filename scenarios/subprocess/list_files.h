// subprocess.run(['ls', '-l'], stdout=PIPE), here of one file.
// Property: the output is there as bytes, whole whatever its size; the error stream is not
// captured; the return code is that of the program, or that of the signal which ended it.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kListFiles;

}  // namespace weft::scenarios
