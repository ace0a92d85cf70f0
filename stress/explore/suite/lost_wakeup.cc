// Waits whose wake-up was lost, and deadlocks that only look like it.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen flag({.name = "LostWakeup.FlagChangedWithoutTheMutex",
                     .violates = Kind::kLostWakeup,
                     .says = "a thread sleeps though what it waits for has come: setter notified "
                             "condition 1, and nobody waited (lost_wakeup.cc:"},
                    [](Run& run) {
                      std::mutex mutex;
                      std::condition_variable changed;
                      std::atomic<bool> set{false};
                      run.thread("waiter", [&] {
                        std::unique_lock hold(mutex);
                        while (!set) changed.wait(hold);
                      });
                      run.thread("setter", [&] {
                        set = true;
                        changed.notify_one();
                      });
                      run.join();
                    });

const Specimen one_for_two({.name = "LostWakeup.OneNotifiedWhereTwoAreMeant",
                            .violates = Kind::kLostWakeup,
                            .says = "setter notified condition 1, which woke 1"},
                           [](Run& run) {
                             std::mutex mutex;
                             std::condition_variable changed;
                             bool set = false;
                             for (int i = 0; i < 2; ++i) {
                               run.thread([&] {
                                 std::unique_lock hold(mutex);
                                 while (!set) changed.wait(hold);
                               });
                             }
                             run.thread("setter", [&] {
                               const std::lock_guard hold(mutex);
                               set = true;
                               changed.notify_one();
                             });
                             run.join();
                           });

const Specimen no_second_look({.name = "LostWakeup.WaitWithoutASecondLook",
                               .violates = Kind::kLostWakeup,
                               .says = "setter notified condition 1, and nobody waited"},
                              [](Run& run) {
                                std::mutex mutex;
                                std::condition_variable changed;
                                std::atomic<bool> set{false};
                                run.thread("waiter", [&] {
                                  if (set) return;
                                  std::unique_lock hold(mutex);
                                  changed.wait(hold);
                                });
                                run.thread("setter", [&] {
                                  const std::lock_guard hold(mutex);
                                  set = true;
                                  changed.notify_one();
                                });
                                run.join();
                              });

// A futex whose waker thinks that nobody sleeps.
const Specimen futex({.name = "LostWakeup.FutexThatNobodyWakes",
                      .violates = Kind::kLostWakeup,
                      .says = "a thread sleeps though what it waits for has come"},
                     [](Run& run) {
                       std::atomic<unsigned> word{0};
                       run.thread("waiter", [&] {
                         while (word == 0) {
                           syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
                         }
                       });
                       run.thread("forgetful", [&] { word = 1; });
                       run.join();
                     });

// --- Deadlocks in which nothing was lost -----------------------------------------

// The notification was for an item that the consumer has taken; the next one never comes.
const Specimen no_more({.name = "LostWakeup.NotIfTheItemNeverComes",
                        .violates = Kind::kDeadlock,
                        .says = "nobody is left who could go on: consumer waits for condition 1"},
                       [](Run& run) {
                         std::mutex mutex;
                         std::condition_variable came;
                         int items = 0;
                         run.thread("producer", [&] {
                           {
                             const std::lock_guard hold(mutex);
                             ++items;
                           }
                           came.notify_one();
                         });
                         run.thread("consumer", [&] {
                           for (int i = 0; i < 2; ++i) {
                             std::unique_lock hold(mutex);
                             came.wait(hold, [&] { return items > 0; });
                             --items;
                           }
                         });
                         run.join();
                       });

const Specimen never_notified({.name = "LostWakeup.NotIfNobodyEverNotified",
                               .violates = Kind::kDeadlock,
                               .says = "nobody is left who could go on"},
                              [](Run& run) {
                                std::mutex mutex;
                                std::condition_variable changed;
                                run.thread([&] {
                                  std::unique_lock hold(mutex);
                                  changed.wait(hold);
                                });
                                run.join();
                              });

}  // namespace
}  // namespace weft::suite
