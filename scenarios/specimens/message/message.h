// What processes do with pipes and queues: ends that are kept, messages that mix, items that stay
// where they were put.
// Thread safety: constants.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios::specimens::message {

extern const Specimen kBothSendFirst;
extern const Specimen kConsumerKilledInGet;
extern const Specimen kEndedBeforeTheFlush;
extern const Specimen kGetWithoutProducer;
extern const Specimen kGotBeforeItIsThere;
extern const Specimen kJoinBeforeGet;
extern const Specimen kOwnCopyKept;
extern const Specimen kProducerJoinedFirst;
extern const Specimen kPutAfterClose;
extern const Specimen kQueueMadeAfterTheFork;
extern const Specimen kSecondMessageNeverComes;
extern const Specimen kThreadQueueBetweenProcesses;
extern const Specimen kThreadQueueInThePipeline;
extern const Specimen kTwoWriters;

inline constexpr const Specimen* kAll[] = {
    &kBothSendFirst,
    &kConsumerKilledInGet,
    &kEndedBeforeTheFlush,
    &kGetWithoutProducer,
    &kGotBeforeItIsThere,
    &kJoinBeforeGet,
    &kOwnCopyKept,
    &kProducerJoinedFirst,
    &kPutAfterClose,
    &kQueueMadeAfterTheFork,
    &kSecondMessageNeverComes,
    &kThreadQueueBetweenProcesses,
    &kThreadQueueInThePipeline,
    &kTwoWriters,
};

}  // namespace weft::scenarios::specimens::message
