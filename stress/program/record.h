// What explore.h tells of a recorded execution, for another process.
//
// Thread safety: by the execution's process, when the execution has ended.
#pragma once

#include "stress/program/channel.h"

namespace weft::program {

void record_execution(Shared& shared, const explore::Outcome& outcome);

}  // namespace weft::program
