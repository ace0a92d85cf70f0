// `args=("abc")` is no tuple of one text: its three letters are the arguments. In C++ a text is a
// range of letters, too, for who copies the arguments from one.
#include <string>
#include <vector>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

using Arguments = std::vector<std::string>;

Arguments from_range(const std::string& range) {
  Arguments all;
  for (const char each : range) all.emplace_back(1, each);
  return all;
}
Arguments from_list(const std::string& one) { return {one}; }

template <Arguments (*kArguments)(const std::string&)>
std::string count_arguments() {
  ipc::RawValue<long> count;
  ipc::Process process([&](const Arguments& args) { count.store(static_cast<long>(args.size())); },
                       kArguments("abc"));
  process.start();
  process.join();
  return unless_equal("number of arguments", count.load(), 1);
}

}  // namespace

constinit const Specimen kLettersTakenForArguments{
    .row = "003-5",
    .name = "process/letters_taken_for_arguments",
    .mistake = "parentheses around a text make no list of it, and its letters become the arguments",
    .kind = kind::kAssertion,
    .body = count_arguments<from_range>,
    .mended = count_arguments<from_list>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
