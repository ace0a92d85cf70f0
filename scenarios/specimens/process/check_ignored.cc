// A program fails and says so by its return code; what it has written is taken for all of it.
#include "primitives/process/run.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

// Fails before its last line.
const char kScript[] = "echo 1; echo 2; exit 1; echo 3";
const char kOtherWay[] = "echo 1; echo 2; echo 3";

template <bool kChecks>
std::string count_lines() {
  CompletedProcess done;
  try {
    done = run_shell(kScript, {.capture_output = true, .check = kChecks});
  } catch (const CalledProcessError&) {
    done = run_shell(kOtherWay, {.capture_output = true, .check = true});
  }
  return unless(done.out == "1\n2\n3\n", "half of the output is taken for all of it");
}

}  // namespace

constinit const Specimen kCheckIgnored{
    .row = "000-9",
    .name = "process/check_ignored",
    .mistake = "nobody looks whether the program has done its work",
    .kind = kind::kAssertion,
    .body = count_lines<false>,
    .mended = count_lines<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
