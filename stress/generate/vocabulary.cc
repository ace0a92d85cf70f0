#include "stress/generate/vocabulary.h"

#include "primitives/base/errors.h"

namespace weft::generate {

Outcome outcome_of_current_exception() {
  try {
    throw;
  } catch (const BrokenBarrierError&) {
    return "BrokenBarrierError";
  } catch (const RuntimeError&) {
    return "RuntimeError";
  } catch (const ValueError&) {
    return "ValueError";
  } catch (const QueueEmpty&) {
    return "QueueEmpty";
  } catch (const QueueFull&) {
    return "QueueFull";
  } catch (const QueueShutDown&) {
    return "QueueShutDown";
  } catch (const TimeoutError&) {
    return "TimeoutError";
  } catch (const CancelledError&) {
    return "CancelledError";
  } catch (const InvalidStateError&) {
    return "InvalidStateError";
  } catch (const std::exception&) {
    return "an exception of another type";
  }
}

}  // namespace weft::generate
