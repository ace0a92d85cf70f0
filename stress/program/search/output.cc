#include "stress/program/search/output.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "stress/program/search/remote.h"

namespace weft::program {
namespace {

constexpr std::size_t kMostShown = 16 << 10;

bool shows_all = false;
int kept = -1;     // a file in memory
int nowhere = -1;  // opened once, because each execution needs it

}  // namespace

void show_output(bool all) { shows_all = all; }
bool shows_output() { return shows_all; }

void prepare_output(bool recorded) {
  if (shows_all) return;
  if (nowhere < 0) nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (!recorded) return;
  if (kept < 0) kept = memfd_create("output of an execution", MFD_CLOEXEC);
  ftruncate(kept, 0);
  lseek(kept, 0, SEEK_SET);
}

void redirect_output(bool recorded) {
  if (shows_all) return;
  const int to = recorded ? kept : nowhere;
  dup2(to, STDOUT_FILENO);
  dup2(to, STDERR_FILENO);
}

std::string output_of_last_recorded() {
  struct stat facts = {};
  if (kept < 0 || fstat(kept, &facts) != 0) return "";
  const auto size = static_cast<std::size_t>(facts.st_size);
  const std::size_t shown = std::min(size, kMostShown);
  std::string text(shown, '\0');
  const ssize_t got = pread(kept, text.data(), shown, static_cast<off_t>(size - shown));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return shown < size ? "[...]" + text : text;
}

}  // namespace weft::program
