#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "primitives/annotate.h"
#include "stress/check.h"

TEST(Box, SellsATicketOnce) {
  weft::check([](weft::Run& run) {
    std::atomic<int> tickets{1};
    std::atomic<int> sold{0};
    weft::annotate::named(&tickets, "tickets");
    const auto sell = [&] {
      if (tickets > 0) {
        --tickets;
        ++sold;
      }
    };
    run.thread("anna", sell);
    run.thread("bert", sell);
    run.join();
    run.require(sold == 1, "the ticket is sold once");
  });
}

TEST(Box, ClosesAtNight) {
  weft::check([](weft::Run& run) {
    std::mutex box, till;
    run.thread("anna", [&] {
      const std::lock_guard first(box);
      const std::lock_guard second(till);
    });
    run.thread("bert", [&] {
      const std::lock_guard first(till);
      const std::lock_guard second(box);
    });
    run.join();
  });
}
