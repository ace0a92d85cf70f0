// A bug of the system's own library, found in code that nobody changed: libstdc++ 12's
// std::counting_semaphore loses wake-ups. A thread that fails to take a permit sleeps on the value
// that it read before it tried; when the counter has come back to that value, a permit is there and
// nobody is going to wake it, because release() notifies only when there was none. On real threads
// it takes about a minute of eight threads at it to show.
#include <gtest/gtest.h>

#include <semaphore>

#include "stress/check.h"

TEST(SystemSemaphore, LosesAWakeUp) {
#if !defined(_GLIBCXX_RELEASE) || _GLIBCXX_RELEASE != 12
  GTEST_SKIP() << "this library is not libstdc++ 12";
#endif
  const auto body = [](weft::Run& run) {
    std::counting_semaphore<1> semaphore(1);
    for (int i = 0; i < 3; ++i) {
      run.thread([&] {
        for (int k = 0; k < 2; ++k) {
          semaphore.acquire();
          semaphore.release();
        }
      });
    }
    run.join();
  };
  const weft::Report report = weft::expect_violation(weft::Kind::kDeadlock, body);
  if (report.violation)
    EXPECT_TRUE(report.violation->text.find("waits for futex") != std::string::npos);
}
