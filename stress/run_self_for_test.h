// Runs this test program again as a child, to see what a failing test looks like from outside.
//
// Thread safety: by the test's thread.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace weft::internal {

struct SelfRun {
  int exit_code = -1;  // 128 + the signal's number if one ended it
  std::string output;  // stdout and stderr
  std::string xml;     // empty if none was written
  double seconds = 0;
  std::map<std::string, std::string> outputs;  // TEST_UNDECLARED_OUTPUTS_DIR: file -> content

  bool prints(const std::string& text) const { return output.find(text) != output.npos; }
  bool reports(const std::string& text) const { return xml.find(text) != xml.npos; }
};

struct SelfOptions {
  std::string filter;  // of tests; disabled ones are run too
  std::map<std::string, std::string> environment = {};
  std::vector<std::string> flags = {};
  // SIGTERM is sent to the program and its helpers when the output has the first of these texts,
  // and again for each further one.
  std::vector<std::string> terminate_at = {};
};

SelfRun run_self(const SelfOptions& options);

}  // namespace weft::internal
