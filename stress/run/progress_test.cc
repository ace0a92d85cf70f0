// The line that tells a person how far a search is.
#include "stress/run/progress.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

namespace weft::internal {
namespace {

using namespace std::chrono_literals;
using Clock = ProgressLine::Clock;

// A terminal of a given width, and what was written to it.
class Terminal {
 public:
  explicit Terminal(unsigned short columns) : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(master_), 0);
    EXPECT_EQ(unlockpt(master_), 0);
    file_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(ioctl(file_, TIOCSWINSZ, &size), 0);
  }
  ~Terminal() {
    close(file_);
    close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int file() const { return file_; }
  std::string written() {
    fcntl(master_, F_SETFL, O_NONBLOCK);
    std::string text;
    char buffer[4096];
    ssize_t size = 0;
    while ((size = read(master_, buffer, sizeof buffer)) > 0) {
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  const int master_;
  int file_ = -1;
};

class ProgressOnATerminal : public testing::Test {
 protected:
  void SetUp() override {
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0) GTEST_SKIP() << "this system has no pseudo-terminals: mount devpts at /dev/pts";
    close(master);
  }
};

TEST_F(ProgressOnATerminal, SaysHowFarTheSearchIsAndErasesItAtTheEnd) {
  Terminal terminal(120);
  const Clock::time_point begin{};
  {
    ProgressLine line("Queue.IsFair", begin, begin + 10s, terminal.file());
    line.show(begin + 500ms, 1000, 77, "pct");
    EXPECT_EQ(terminal.written(),
              "1000 executions, 2000 per second, 77 distinct, pct, 9.5 s left: Queue.IsFair"
              "\x1b[K\r");
    line.show(begin + 12s, 1200, {}, "");
    EXPECT_EQ(terminal.written(),
              "1200 executions, 100 per second, 0.0 s left: Queue.IsFair\x1b[K\r");
  }
  EXPECT_EQ(terminal.written(), "\x1b[K");
}

TEST_F(ProgressOnATerminal, WritesFiveTimesASecondAtMost) {
  Terminal terminal(120);
  const Clock::time_point begin{};
  ProgressLine line("name", begin, begin + 10s, terminal.file());
  int lines = 0;
  for (int i = 0; i < 2000; ++i) {
    line.show(begin + i * 1ms, 1, {}, "");
    lines += terminal.written().empty() ? 0 : 1;
  }
  EXPECT_EQ(lines, 9) << "each 200 ms but at the beginning";
}

TEST_F(ProgressOnATerminal, OfAShortSearchIsSilent) {
  Terminal terminal(120);
  const Clock::time_point begin{};
  {
    ProgressLine line("name", begin, begin + 1s, terminal.file());
    line.show(begin + 199ms, 1000, {}, "");
  }
  EXPECT_EQ(terminal.written(), "");
}

TEST_F(ProgressOnATerminal, NeverWraps) {
  Terminal terminal(40);
  const Clock::time_point begin{};
  ProgressLine line(std::string(100, 'n'), begin, begin + 1s, terminal.file());
  line.show(begin + 300ms, 1000, {}, "");
  EXPECT_EQ(terminal.written(), "1000 executions, 3333 per second, 0.7 s\x1b[K\r");
  EXPECT_EQ(terminal_columns(terminal.file()), 40u);
}

TEST(Progress, GoesToNoFileThatIsNoTerminal) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(terminal_columns(ends[1]), 0u);
  close(ends[0]);
  close(ends[1]);
}

TEST_F(ProgressOnATerminal, IsForNoTestRunner) {
  // Stands for stderr as a person at a terminal has it.
  Terminal terminal(80);
  const int kept = dup(STDERR_FILENO);
  ASSERT_EQ(dup2(terminal.file(), STDERR_FILENO), STDERR_FILENO);
  for (const char* variable : {"TEST_SRCDIR", "XML_OUTPUT_FILE", "TEST_TARGET", "CI"}) {
    unsetenv(variable);
  }
  setenv("TERM", "xterm", 1);
  const int by_hand = progress_terminal();
  setenv("TERM", "dumb", 1);
  const int dumb = progress_terminal();
  setenv("TERM", "xterm", 1);
  setenv("TEST_SRCDIR", "/some/folder", 1);
  const int under_bazel = progress_terminal();
  dup2(kept, STDERR_FILENO);
  close(kept);
  EXPECT_EQ(by_hand, STDERR_FILENO);
  EXPECT_EQ(dumb, -1);
  EXPECT_EQ(under_bazel, -1);
}

}  // namespace
}  // namespace weft::internal
