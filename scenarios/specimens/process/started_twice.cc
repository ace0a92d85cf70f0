// A process begins once: for a second run there must be a second object.
#include "primitives/process/process.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

void nothing() {}

std::string start_again() {
  ipc::Process process(nothing);
  for (int i = 0; i < 2; ++i) {
    process.start();
    process.join();
  }
  return "";
}

std::string start_another() {
  for (int i = 0; i < 2; ++i) {
    ipc::Process process(nothing);
    process.start();
    process.join();
  }
  return "";
}

}  // namespace

constinit const Specimen kStartedTwice{
    .row = "001-1",
    .name = "process/started_twice",
    .mistake = "one object is started for each of two runs",
    .kind = kind::kException,
    .body = start_again,
    .mended = start_another,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
