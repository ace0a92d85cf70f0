// pthread threads: their ends, their names, their keys.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "stress/explore/suite/clocks.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen results({.name = "Pthread.JoinTellsTheResult", .holds = true}, [](Run& run) {
  pthread_t thread;
  int value = 0;
  pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        *static_cast<int*>(argument) = 1;
        return argument;
      },
      &value);
  void* result = nullptr;
  run.require(pthread_join(thread, &result) == 0, "it is joined");
  run.require(result == &value && value == 1, "its result arrives");
});

struct Leaves {
  std::atomic<int>* destroyed;
  ~Leaves() { ++*destroyed; }
};

void leave_deep(int depth, std::atomic<int>* destroyed) {
  const Leaves leaves{destroyed};
  if (depth == 0) pthread_exit(destroyed);
  leave_deep(depth - 1, destroyed);
}

const Specimen exits({.name = "Pthread.ExitRunsDestructors", .holds = true}, [](Run& run) {
  std::atomic<int> destroyed = 0;
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        leave_deep(2, static_cast<std::atomic<int>*>(argument));
        return nullptr;
      },
      &destroyed);
  void* result = nullptr;
  pthread_join(thread, &result);
  run.require(destroyed == 3, "each frame's objects are destroyed");
  run.require(result == &destroyed, "what it was given is the result");
});

const Specimen exit_in_cpp({.name = "Pthread.ExitLeavesARunThread", .holds = true}, [](Run& run) {
  std::atomic<int> destroyed = 0;
  run.thread([&] {
    const Leaves leaves{&destroyed};
    try {
      pthread_exit(nullptr);
    } catch (const std::exception&) {
      run.fail("it is no exception of the program's");
    }
  });
  run.join();
  run.require(destroyed == 1, "its objects are destroyed");
});

const Specimen detach({.name = "Pthread.DetachedCannotBeJoined",
                       .holds = true,
                       .explored_only = "a sanitizer ends the process"},
                      [](Run& run) {
                        struct Shared {
                          std::atomic<bool> done = false;
                        } shared;
                        pthread_attr_t attributes;
                        pthread_attr_init(&attributes);
                        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
                        pthread_t thread;
                        pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
                        pthread_mutex_lock(&held);
                        struct Argument {
                          pthread_mutex_t* held;
                          Shared* shared;
                        } argument{&held, &shared};
                        pthread_create(
                            &thread, &attributes,
                            [](void* given) -> void* {
                              auto* argument = static_cast<Argument*>(given);
                              pthread_mutex_lock(argument->held);
                              pthread_mutex_unlock(argument->held);
                              argument->shared->done = true;
                              argument->shared->done.notify_one();
                              return nullptr;
                            },
                            &argument);
                        pthread_attr_destroy(&attributes);
                        run.require(pthread_join(thread, nullptr) == EINVAL,
                                    "a detached thread cannot be joined");
                        run.require(pthread_detach(thread) == EINVAL, "nor detached again");
                        pthread_mutex_unlock(&held);
                        shared.done.wait(false);
                      });

const Specimen alive({.name = "Pthread.KillZeroAsksWhetherItIsAlive", .holds = true}, [](Run& run) {
  pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&held);
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        pthread_mutex_lock(static_cast<pthread_mutex_t*>(argument));
        pthread_mutex_unlock(static_cast<pthread_mutex_t*>(argument));
        return nullptr;
      },
      &held);
  run.require(pthread_kill(thread, 0) == 0, "it is there");
  run.require(pthread_kill(pthread_self(), 0) == 0, "so is this one");
  pthread_mutex_unlock(&held);
  pthread_join(thread, nullptr);
});

const Specimen attempts({.name = "Pthread.JoinsThatDoNotWait", .holds = true}, [](Run& run) {
  pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&held);
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        pthread_mutex_lock(static_cast<pthread_mutex_t*>(argument));
        pthread_mutex_unlock(static_cast<pthread_mutex_t*>(argument));
        return argument;
      },
      &held);
  run.require(pthread_tryjoin_np(thread, nullptr) == EBUSY, "it has not ended");
  const timespec soon = in_the_future(CLOCK_REALTIME, 1'000'000);
  run.require(pthread_timedjoin_np(thread, nullptr, &soon) == ETIMEDOUT, "timedjoin gives up");
  const timespec monotonic = in_the_future(CLOCK_MONOTONIC, 1'000'000);
  run.require(pthread_clockjoin_np(thread, nullptr, CLOCK_MONOTONIC, &monotonic) == ETIMEDOUT,
              "clockjoin gives up");
  pthread_mutex_unlock(&held);
  void* result = nullptr;
  const timespec late = in_the_future(CLOCK_REALTIME, 3'600'000'000'000);
  int joined = pthread_timedjoin_np(thread, &result, &late);
  // Time may pass at any moment, under the explorer.
  if (joined == ETIMEDOUT) joined = pthread_join(thread, &result);
  run.require(joined == 0 && result == &held, "it is joined in the end");
});

const Specimen self({.name = "Pthread.SelfIsStable", .holds = true}, [](Run& run) {
  pthread_t selves[2] = {};
  for (int i = 0; i < 2; ++i) {
    run.thread([&, i] {
      selves[i] = pthread_self();
      pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
      pthread_mutex_lock(&mutex);
      run.require(pthread_equal(selves[i], pthread_self()), "a thread stays itself");
      pthread_mutex_unlock(&mutex);
    });
  }
  run.join();
  run.require(!pthread_equal(selves[0], selves[1]), "two threads are two");
  run.require(!pthread_equal(selves[0], pthread_self()), "and neither is this one");
});

const Specimen joins_self({.name = "Pthread.NobodyCanJoinItself",
                           .holds = true,
                           .explored_only = "a sanitizer ends the process"},
                          [](Run& run) {
                            run.require(pthread_join(pthread_self(), nullptr) == EDEADLK,
                                        "it is told so");
                          });

const Specimen names({.name = "Pthread.HasAName", .holds = true}, [](Run& run) {
  pthread_t thread;
  pthread_create(
      &thread, nullptr,
      [](void*) -> void* {
        pthread_setname_np(pthread_self(), "a name");
        static thread_local char name[16];
        pthread_getname_np(pthread_self(), name, sizeof name);
        return reinterpret_cast<void*>(static_cast<intptr_t>(std::strcmp(name, "a name")));
      },
      nullptr);
  void* difference = &thread;
  pthread_join(thread, &difference);
  run.require(difference == nullptr, "the name is kept");
  run.require(pthread_setname_np(pthread_self(), "longer than what fits") == ERANGE, "it is short");
});

const Specimen keys(
    {.name = "PthreadKey.DestructorsRunUntilNothingIsLeft", .holds = true}, [](Run& run) {
      static thread_local pthread_key_t own_key;
      pthread_key_t key;
      // Sets its value anew, three times.
      pthread_key_create(&key, [](void* value) {
        int& left = *static_cast<int*>(value);
        if (--left > 0) pthread_setspecific(own_key, value);
      });
      int left[2] = {3, 1};
      for (int& each : left) {
        run.thread([&] {
          own_key = key;
          run.require(pthread_getspecific(key) == nullptr, "a key is empty at first");
          pthread_setspecific(key, &each);
          run.require(pthread_getspecific(key) == &each, "a thread has its own value");
        });
      }
      run.join();
      run.require(left[0] == 0 && left[1] == 0, "a destructor that sets its value is called again");
      run.require(pthread_getspecific(key) == nullptr, "this thread never had one");
      pthread_key_delete(key);
    });

const Specimen deleted({.name = "PthreadKey.DeletedHasNoDestructor", .holds = true}, [](Run& run) {
  pthread_key_t key;
  pthread_key_create(&key, [](void* value) { ++*static_cast<int*>(value); });
  int destroyed = 0;
  run.thread([&] {
    pthread_setspecific(key, &destroyed);
    run.require(pthread_key_delete(key) == 0, "it is deleted");
    run.require(pthread_setspecific(key, &destroyed) == EINVAL, "a deleted key takes no value");
    run.require(pthread_key_delete(key) == EINVAL, "nor is it deleted twice");
  });
  run.join();
  run.require(destroyed == 0, "what was left in it stays");
});

const Specimen key_shared({.name = "PthreadKey.TakenForShared",
                           .violates = Kind::kAssertion,
                           .says = "the other sees it"},
                          [](Run& run) {
                            pthread_key_t key;
                            pthread_key_create(&key, nullptr);
                            int value = 0;
                            pthread_setspecific(key, &value);
                            run.thread([&] {
                              run.require(pthread_getspecific(key) == &value, "the other sees it");
                            });
                            run.join();
                          });

const Specimen deleted_in_use({.name = "PthreadKey.DeletedWhileAThreadSetsIt",
                               .violates = Kind::kAssertion,
                               .says = "the key is there"},
                              [](Run& run) {
                                pthread_key_t key;
                                pthread_key_create(&key, nullptr);
                                run.thread([&] {
                                  run.require(pthread_setspecific(key, &key) == 0,
                                              "the key is there");
                                });
                                pthread_key_delete(key);
                                run.join();
                              });

const Specimen destructors_share(
    {.name = "PthreadKey.DestructorsCountWithoutALock", .violates = Kind::kDataRace}, [](Run& run) {
      pthread_key_t key;
      pthread_key_create(&key, [](void* value) { ++*static_cast<int*>(value); });
      int destroyed = 0;
      for (int i = 0; i < 2; ++i) {
        run.thread([&] { pthread_setspecific(key, &destroyed); });
      }
      run.join();
      pthread_key_delete(key);
    });

const Specimen kill({.name = "Pthread.KillWithASignal",
                     .violates = Kind::kNotModelled,
                     .says = "pthread_kill"},
                    [](Run& run) {
                      run.thread([] { pthread_kill(pthread_self(), SIGUSR1); });
                      run.join();
                    });

const Specimen cancel({.name = "Pthread.Cancel",
                       .violates = Kind::kNotModelled,
                       .says = "pthread_cancel()"},
                      [](Run& run) {
                        run.thread([] { pthread_cancel(pthread_self()); });
                        run.join();
                      });

const Specimen unjoined({.name = "Pthread.NeitherJoinedNorDetached",
                         .violates = Kind::kMisuse,
                         .says = "a thread was neither joined nor detached: left was started"},
                        [](Run&) {
                          pthread_t thread;
                          pthread_create(
                              &thread, nullptr,
                              [](void*) -> void* {
                                pthread_setname_np(pthread_self(), "left");
                                return nullptr;
                              },
                              nullptr);
                        });

struct Two {
  pthread_t threads[2];
  std::atomic<bool> both_made = false;
  std::atomic<int> refused = 0;
  std::atomic<int> ended = 0;
  std::atomic<int> unjoined = 0;  // the one that the refused one wanted
};

template <int other>
void* join_other(void* given) {
  auto& two = *static_cast<Two*>(given);
  two.both_made.wait(false);
  if (pthread_join(two.threads[other], nullptr) == EDEADLK) {
    ++two.refused;
    two.unjoined = other;
  }
  ++two.ended;
  two.ended.notify_one();
  return nullptr;
}

const Specimen two_join({.name = "Pthread.OneOfTwoThatJoinEachOtherIsRefused",
                         .explored_only = "glibc looks without a lock, so both may wait"},
                        [](Run& run) {
                          Two two;
                          pthread_create(&two.threads[0], nullptr, join_other<1>, &two);
                          pthread_create(&two.threads[1], nullptr, join_other<0>, &two);
                          two.both_made = true;
                          two.both_made.notify_all();
                          for (int ended = 0; ended < 2; ended = two.ended) two.ended.wait(ended);
                          run.require(two.refused == 1,
                                      "one is refused, so that the other's wait ends");
                          pthread_join(two.threads[two.unjoined], nullptr);
                        });

}  // namespace
}  // namespace weft::suite
