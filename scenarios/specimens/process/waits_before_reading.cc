// The output is more than a pipe holds: the program waits for its reader, and the reader for the
// program.
#include "primitives/process/popen.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

template <bool kWaitsFirst>
std::string read_all() {
  constexpr long kMuch = 1'000'000;
  Popen program({"head", "-c", std::to_string(kMuch), "/dev/zero"}, {.out = Redirect::pipe()});
  if (kWaitsFirst) (void)program.wait();
  const Popen::Outputs outputs = program.communicate();
  return unless_equal("length of the output", static_cast<long>(outputs.out.value().size()), kMuch);
}

}  // namespace

constinit const Specimen kWaitsBeforeReading{
    .row = "000-9",
    .name = "process/waits_before_reading",
    .mistake = "the caller waits for the end of a program that waits for its output to be read",
    .kind = kind::kHang,
    .body = read_all<true>,
    .mended = read_all<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
