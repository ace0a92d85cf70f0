#include "scenarios/coroutine/stages.h"

#include <string>

namespace weft::scenarios::stages {

void producer(Transcript& out, const Pace& pace, Stage& next_task) {
  for (int i = 0; i < kItems; ++i) {
    next_task.send(i);
    out.say("produced " + std::to_string(i));
    pace.pause(0.5);
  }
  next_task.close();
  out.say("producer: done");
}

Stage intermediate(Transcript& out, Stage& next_task) {
  try {
    while (true) {
      const int i = co_yield {};
      next_task.send(i + 1);
    }
  } catch (const GeneratorExit&) {
    out.say("intermediate: done");
  }
}

Stage consumer(Transcript& out) {
  try {
    while (true) {
      const int i = co_yield {};
      out.say("consumed " + std::to_string(i));
    }
  } catch (const GeneratorExit&) {
    out.say("consumer: done");
  }
}

}  // namespace weft::scenarios::stages
