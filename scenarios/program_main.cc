// main() of every scenario's program; the macro in defs.bzl says which scenario.
#include "scenarios/program.h"

#ifndef WEFT_SCENARIO
#error "define WEFT_SCENARIO as the constant of a scenario: use scenario() of scenarios/defs.bzl"
#endif

namespace weft::scenarios {
extern const Scenario WEFT_SCENARIO;
}

int main(int argc, char** argv) {
  return weft::scenarios::run_program(weft::scenarios::WEFT_SCENARIO, argc, argv);
}
