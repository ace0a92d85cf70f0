// Coroutine: Python's generators as coroutines, operation by operation.
#include "primitives/coroutine/coroutine.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/coroutine/stop_iteration.h"
#include "stress/coroutine/allocations.h"

namespace weft {
namespace {

using testing_coroutine::allocations;
using Words = std::vector<std::string>;

// Yields the sum of what was sent so far; returns it when zero is sent.
Coroutine<int, int, int> sum() {
  int total = 0;
  for (;;) {
    const int sent = co_yield total;
    if (sent == 0) co_return total;
    total += sent;
  }
}

// Says what it lives through.
Coroutine<int, int> diary(Words& words) {
  try {
    words.push_back("begin");
    for (int i = 1;; ++i) words.push_back("sent " + std::to_string(co_yield i));
  } catch (const GeneratorExit&) {
    words.push_back("exit");
  } catch (const std::out_of_range& error) {
    words.push_back(error.what());
  }
}

Coroutine<> two_steps() {
  co_yield {};
  co_yield {};
}

template <class Error, class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Coroutine, ReceivesWhatIsSentAndYields) {
  auto adder = sum();
  EXPECT_EQ(adder.next(), 0);
  EXPECT_EQ(adder.send(3), 3);
  EXPECT_EQ(adder.send(4), 7);
  EXPECT_FALSE(adder.done());
}

TEST(Coroutine, ItsEndIsStopIterationWithWhatItReturned) {
  auto adder = sum();
  adder.next();
  adder.send(5);
  try {
    adder.send(0);
    ADD_FAILURE() << "it did not stop";
  } catch (const StopIterationWith<int>& stop) {
    EXPECT_EQ(stop.value(), 5);
  }
  EXPECT_TRUE(adder.done());
  EXPECT_EQ(message_of<StopIteration>([&] { adder.send(1); }),
            "Coroutine: the body has ended before");
  EXPECT_THROW(adder.next(), StopIteration) << "for ever";
}

TEST(Coroutine, WithoutValuesItIsStepped) {
  auto steps = two_steps();
  steps.next();
  steps.next();
  EXPECT_FALSE(steps.done());
  EXPECT_EQ(message_of<StopIteration>([&] { steps.next(); }), "Coroutine: the body has returned");
  EXPECT_TRUE(steps.done());
}

TEST(Coroutine, SendBeforeTheFirstStepIsAnErrorAndChangesNothing) {
  Words words;
  auto fresh = diary(words);
  EXPECT_EQ(message_of<RuntimeError>([&] { fresh.send(1); }),
            "Coroutine::send: the body has not begun; call next() first");
  EXPECT_EQ(words, Words());
  EXPECT_EQ(fresh.next(), 1);
}

TEST(Coroutine, NextWhereAValueIsWaitedForIsAnErrorAndChangesNothing) {
  Words words;
  auto waiting = diary(words);
  waiting.next();
  EXPECT_EQ(message_of<RuntimeError>([&] { waiting.next(); }),
            "Coroutine::next: the body waits for a value; use send()");
  EXPECT_EQ(waiting.send(7), 2);
  EXPECT_EQ(words, Words({"begin", "sent 7"}));
}

TEST(Coroutine, ThrowRaisesAtTheYield) {
  Words words;
  auto body = diary(words);
  body.next();
  EXPECT_THROW(body.throw_(std::out_of_range("too far")), StopIteration) << "it returned";
  EXPECT_EQ(words, Words({"begin", "too far"}));
  EXPECT_TRUE(body.done());
}

TEST(Coroutine, ABodyMayGoOnAfterAnError) {
  auto stubborn = []() -> Coroutine<int> {
    for (int i = 0;; ++i) {
      try {
        co_yield i;
      } catch (const std::out_of_range&) {
        i = 100;
      }
    }
  }();
  EXPECT_EQ(stubborn.next(), 0);
  EXPECT_EQ(stubborn.throw_(std::out_of_range("too far")), 101);
  EXPECT_EQ(stubborn.next(), 102);
}

TEST(Coroutine, ThrowIntoOneThatHasNotBegunOrHasEndedComesStraightBack) {
  Words words;
  auto body = diary(words);
  EXPECT_THROW(body.throw_(std::out_of_range("too far")), std::out_of_range);
  EXPECT_EQ(words, Words()) << "the body never ran";
  EXPECT_TRUE(body.done());
  EXPECT_THROW(body.throw_(std::bad_alloc()), std::bad_alloc);
  EXPECT_THROW(body.next(), StopIteration);
}

TEST(Coroutine, AnErrorOfTheBodyComesOutAsItIsAndEndsIt) {
  auto failing = []() -> Coroutine<int> {
    co_yield 1;
    throw std::out_of_range("too far");
  }();
  failing.next();
  EXPECT_EQ(message_of<std::out_of_range>([&] { failing.next(); }), "too far");
  EXPECT_TRUE(failing.done());
  EXPECT_THROW(failing.next(), StopIteration);
}

TEST(Coroutine, StopIterationRaisedInsideIsNotItsEnd) {
  auto outer = []() -> Coroutine<> {
    auto inner = two_steps();
    for (;;) {
      inner.next();
      co_yield {};
    }
  }();
  outer.next();
  outer.next();
  EXPECT_EQ(message_of<RuntimeError>([&] { outer.next(); }),
            "Coroutine: the body raised StopIteration: Coroutine: the body has returned");
  EXPECT_TRUE(outer.done());
}

TEST(Coroutine, CloseRaisesGeneratorExitWhichTheBodySees) {
  Words words;
  auto body = diary(words);
  body.next();
  body.close();
  EXPECT_EQ(words, Words({"begin", "exit"}));
  EXPECT_TRUE(body.done());
  body.close();
  EXPECT_EQ(words, Words({"begin", "exit"})) << "closing again is nothing";
  EXPECT_THROW(body.send(1), StopIteration);
}

TEST(Coroutine, CloseOfABodyThatDoesNotCatchItIsQuiet) {
  auto steps = two_steps();
  steps.next();
  steps.close();
  EXPECT_TRUE(steps.done());
}

TEST(Coroutine, CloseOfOneThatHasNotBegunRunsNothing) {
  Words words;
  auto body = diary(words);
  body.close();
  EXPECT_EQ(words, Words());
  EXPECT_TRUE(body.done());
  EXPECT_THROW(body.next(), StopIteration);
}

TEST(Coroutine, ABodyThatIgnoresGeneratorExitIsAnError) {
  auto stubborn = [](int ignores) -> Coroutine<int> {
    for (int i = 0; i < ignores; ++i) {
      try {
        for (;;) co_yield i;
      } catch (const GeneratorExit&) {
      }
    }
  }(2);
  stubborn.next();
  EXPECT_EQ(message_of<RuntimeError>([&] { stubborn.close(); }),
            "Coroutine::close: the body ignored GeneratorExit");
  EXPECT_FALSE(stubborn.done());
  EXPECT_EQ(stubborn.next(), 1) << "it is suspended where it yielded again";
  stubborn.close();
  EXPECT_TRUE(stubborn.done());
}

TEST(Coroutine, WhatTheBodyThrowsWhenClosedComesOut) {
  auto failing = []() -> Coroutine<> {
    try {
      co_yield {};
    } catch (const GeneratorExit&) {
      throw std::out_of_range("while closing");
    }
  }();
  failing.next();
  EXPECT_EQ(message_of<std::out_of_range>([&] { failing.close(); }), "while closing");
  EXPECT_TRUE(failing.done());
}

TEST(Coroutine, AHandlerForErrorsLetsGeneratorExitPass) {
  bool handled = false;
  auto body = [](bool& handled) -> Coroutine<> {
    try {
      co_yield {};
    } catch (const std::exception&) {
      handled = true;
    }
  }(handled);
  body.next();
  body.close();
  EXPECT_FALSE(handled);
}

TEST(Coroutine, GeneratorExitThrownByHandComesOut) {
  auto steps = two_steps();
  steps.next();
  EXPECT_THROW(steps.throw_(GeneratorExit()), GeneratorExit);
  EXPECT_TRUE(steps.done());
}

TEST(Coroutine, DroppingASuspendedOneClosesIt) {
  Words words;
  {
    auto body = diary(words);
    body.next();
    const auto fresh = diary(words);
  }
  EXPECT_EQ(words, Words({"begin", "exit"})) << "the fresh one never ran";
  {
    auto body = diary(words);
    body.next();
    body = diary(words);
  }
  EXPECT_EQ(words, Words({"begin", "exit", "begin", "exit"}));
}

TEST(Coroutine, WhatADroppedBodyThrowsIsSaidAndLost) {
  testing::internal::CaptureStderr();
  {
    auto failing = []() -> Coroutine<> {
      try {
        co_yield {};
      } catch (const GeneratorExit&) {
        throw std::out_of_range("while closing");
      }
    }();
    failing.next();
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "weft: a Coroutine was dropped, and closing it threw: while closing\n");
}

TEST(Coroutine, ADroppedBodyThatIgnoresGeneratorExitEndsAllTheSame) {
  testing::internal::CaptureStderr();
  bool ended = false;
  {
    struct SaysItsEnd {
      bool& ended;
      ~SaysItsEnd() { ended = true; }
    };
    auto stubborn = [](bool& ended) -> Coroutine<> {
      const SaysItsEnd local{ended};
      for (;;) {
        try {
          co_yield {};
        } catch (const GeneratorExit&) {
        }
      }
    }(ended);
    stubborn.next();
  }
  EXPECT_TRUE(ended);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "weft: a Coroutine was dropped, and closing it threw: "
            "Coroutine::close: the body ignored GeneratorExit\n");
}

TEST(Coroutine, ABodyThatResumesOrClosesItselfGetsAnError) {
  Coroutine<>* itself = nullptr;
  Words seen;
  auto body = [](Coroutine<>*& itself, Words& seen) -> Coroutine<> {
    seen.push_back(message_of<ValueError>([&] { itself->next(); }));
    seen.push_back(message_of<ValueError>([&] { itself->close(); }));
    seen.push_back(message_of<ValueError>([&] { itself->throw_(std::bad_alloc()); }));
    co_yield {};
  }(itself, seen);
  itself = &body;
  body.next();
  EXPECT_EQ(seen, Words(3, "Coroutine: it is executing already"));
  EXPECT_FALSE(body.done());
}

TEST(Coroutine, OneThatWasMovedAwayIsAnError) {
  auto steps = two_steps();
  auto moved = std::move(steps);
  EXPECT_THROW(steps.next(), RuntimeError);  // NOLINT(bugprone-use-after-move): that it is empty
  EXPECT_TRUE(steps.done());
  moved.next();
}

TEST(Coroutine, TakesMoveOnlyValuesBothWays) {
  using Owner = std::unique_ptr<int>;
  auto forwarder = []() -> Coroutine<Owner, Owner, Owner> {
    Owner got = co_yield std::make_unique<int>(1);
    got = co_yield std::move(got);
    co_return std::move(got);
  }();
  EXPECT_EQ(*forwarder.next(), 1);
  EXPECT_EQ(*forwarder.send(std::make_unique<int>(2)), 2);
  try {
    forwarder.send(std::make_unique<int>(3));
    ADD_FAILURE() << "it did not stop";
  } catch (const StopIterationWith<std::shared_ptr<int>>&) {
    ADD_FAILURE() << "another type";
  } catch (const StopIteration&) {
  }
}

TEST(Coroutine, ConvertsAndCopiesWhatIsYieldedByName) {
  auto texts = []() -> Coroutine<std::string> {
    const std::string constant = "constant";
    std::string mine = "mine";
    co_yield "converted";
    co_yield constant;
    co_yield mine;
    co_yield mine;
  }();
  EXPECT_EQ(texts.next(), "converted");
  EXPECT_EQ(texts.next(), "constant");
  EXPECT_EQ(texts.next(), "mine");
  EXPECT_EQ(texts.next(), "mine") << "it was not moved away";
}

TEST(Coroutine, ResumingAllocatesNothing) {
  auto adder = sum();
  adder.next();
  const std::size_t before = allocations();
  for (int i = 1; i <= 1000; ++i) adder.send(i);
  EXPECT_EQ(allocations(), before);
}

TEST(CoroutineDeathTest, DestroyedByItsOwnBodyItEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::unique_ptr<Coroutine<>> owner;
        owner =
            std::make_unique<Coroutine<>>([](std::unique_ptr<Coroutine<>>& owner) -> Coroutine<> {
              owner.reset();
              co_yield {};
            }(owner));
        owner->next();
      },
      "a Coroutine is destroyed while it executes");
}

}  // namespace
}  // namespace weft
