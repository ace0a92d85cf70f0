// The programs on which searches for concurrency bugs are compared in papers, written anew: most
// are of SCTBench (Thomson, Donaldson, Betts: "Concurrency Testing Using Controlled Schedulers: An
// Empirical Study", TOPC 2016). Thread safety: constants.
#pragma once

#include "scenarios/specimens/classic.h"

namespace weft::scenarios::specimens::published {

extern const Classic kAccount;
extern const Classic kBluetoothDriver;
extern const Classic kBoundedBuffer;
extern const Classic kBoundedBufferIf;
extern const Classic kInterlockedWorkStealQueue;
extern const Classic kLazy01;
extern const Classic kReorder5, kReorder10, kReorder20, kReorder50, kReorder100;
extern const Classic kSafeStack;
extern const Classic kStringbuffer;
extern const Classic kTokenRing;
extern const Classic kTwostage5, kTwostage10, kTwostage20, kTwostage50, kTwostage100;
extern const Classic kWorkStealQueue;
extern const Classic kWronglock;
extern const Classic kWronglock3;

inline constexpr const Classic* kAll[] = {
    &kAccount,
    &kBluetoothDriver,
    &kBoundedBuffer,
    &kBoundedBufferIf,
    &kInterlockedWorkStealQueue,
    &kLazy01,
    &kReorder5,
    &kReorder10,
    &kReorder20,
    &kReorder50,
    &kReorder100,
    &kSafeStack,
    &kStringbuffer,
    &kTokenRing,
    &kTwostage5,
    &kTwostage10,
    &kTwostage20,
    &kTwostage50,
    &kTwostage100,
    &kWorkStealQueue,
    &kWronglock,
    &kWronglock3,
};

}  // namespace weft::scenarios::specimens::published
