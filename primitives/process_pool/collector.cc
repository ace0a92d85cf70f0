// The collector: the thread of ProcessWorkers that reads what the workers and the nursery say.
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/base/spin.h"
#include "primitives/process_pool/pool_errors.h"
#include "primitives/process_pool/process_workers.h"
#include "primitives/process_pool/remote_failure.h"

namespace weft::internal {
namespace {

using Clock = std::chrono::steady_clock;

// A worker is given as much ahead as it does in this time: long beside the time in which the
// collector answers, short for a person.
constexpr std::chrono::nanoseconds kAhead = std::chrono::microseconds(500);
constexpr std::size_t kMostAhead = SharedSlot::kCells / 2;
constexpr std::size_t kBatch = 64;
// Processes that die before they have done anything: more would die, too.
constexpr unsigned kMostIdleDeaths = 10;

std::string ended_how(std::int32_t exit_code) {
  return exit_code < 0 ? "was ended by signal " + std::to_string(-exit_code)
                       : "ended with exit code " + std::to_string(exit_code);
}

std::string no_process(int error) {
  return "the system had no process for a pool: " + std::system_category().message(error);
}

}  // namespace

void ProcessWorkers::collect() {
  for (unsigned round = 0;; ++round) {
    bool busy = false;
    for (const auto& place : places_) busy |= collect_results(*place);
    busy |= feed();
    // Also while results keep coming.
    if (!busy || round % 16 == 0) {
      busy |= collect_events();
      (void)kill_overdue();
    }
    do_leftovers();
    if (terminated_.load()) break;
    if (busy) continue;
    if (everything_has_ended()) break;
    wait_for_news();
  }
  nursery_->end();
  for (const auto& place : places_) {
    MutexLock hold(place->watch->reading);
    place->watch->pool = nullptr;
  }
  cancel_all();
  do_leftovers();
  finished_.set();
}

void ProcessWorkers::do_leftovers() {
  std::vector<TaskPointer> cancelled;  // destroyed without the mutex: callbacks may be anything
  std::vector<TaskPointer> unpublished;
  if (!leftovers_.load()) return;
  {
    MutexLock hold(mutex_);
    cancelled.swap(cancelled_);
    unpublished.swap(unpublished_);
    leftovers_.store(false);
  }
  for (const TaskPointer& task : unpublished) task->publish();
}

bool ProcessWorkers::collect_results(Place& place) {
  // Where a caller reads, it rings for what it leaves there.
  if (place.results->is_empty() || !place.watch->reading.try_lock()) return false;
  const bool any = read_results(place);
  place.watch->reading.unlock();
  finish_results();
  return any;
}

bool ProcessWorkers::read_results(Place& place) {
  results_.clear();
  ended_.clear();
  try {
    while (ended_.size() < kBatch && read_record(place)) {
    }
    if (ended_.empty()) return false;
    (void)hand_over(place, ended_);
    return true;
  } catch (const ipc::CorruptedError&) {
    kill(place);
    return false;
  }
}

void ProcessWorkers::finish_results() {
  for (Ended& ended : ended_) {
    if (ended.task != nullptr || ended.kind == ResultHeader::kNoStart) finish(ended, results_);
  }
}

// True if a result is whole.
bool ProcessWorkers::read_record(Place& place) {
  StreamReader& stream = *place.results;
  std::size_t available = stream.available();
  if (!place.incoming) {
    if (available < sizeof(ResultHeader)) return false;
    place.incoming.emplace();
    stream.read(bytes_of(*place.incoming));
    available -= sizeof(ResultHeader);
    place.incoming_bytes.clear();
  }
  const ResultHeader header = *place.incoming;
  const std::size_t before = place.incoming_bytes.size();
  const std::size_t now = std::min(available, header.size - before);
  const std::size_t begin = results_.size();
  if (before == 0 && now == header.size) {
    results_.resize(begin + now);
    stream.read(std::span(results_).subspan(begin));
  } else {
    place.incoming_bytes.resize(before + now);
    stream.read(std::span(place.incoming_bytes).subspan(before));
    // It may wait for room.
    place.desk.workers.ring();
    if (before + now < header.size) return false;
    results_.insert(results_.end(), place.incoming_bytes.begin(), place.incoming_bytes.end());
  }
  place.incoming.reset();
  ended_.push_back({header.number, nullptr, begin, header.size, header.kind});
  return true;
}

// Finds the tasks of the results that were read, and gives the worker new ones.
bool ProcessWorkers::hand_over(Place& place, std::span<Ended> all) {
  bool has_more = false;
  bool leaves_some = false;
  {
    MutexLock hold(mutex_);
    for (Ended& ended : all) {
      if (ended.kind == ResultHeader::kNoStart) continue;
      ended.task = take_given(place, ended.number);
      ++place.done;
      idle_deaths_ = 0;
    }
    const auto now = Clock::now();
    const auto each = (now - place.looked_at) / all.size();
    place.looked_at = now;
    place.ahead = std::clamp<std::size_t>(
        each.count() > 0 ? static_cast<std::size_t>(kAhead / each) : kMostAhead, 1, kMostAhead);
    has_more = give(place);
    if (place.live == 0 && waiting_.empty()) {
      take_back(place);
      has_more |= give(place);
    }
    if (options_.most_tasks != 0 && place.live == 0 && place.done >= options_.most_tasks) {
      retire(place);
    }
    leaves_some = closed_ || leftovers_.load() || !waiting_.empty();
  }
  if (has_more) place.desk.workers.ring();
  return leaves_some;
}

// Goes on with what there was no room for: long arguments, and records beyond the cells.
bool ProcessWorkers::feed() {
  std::vector<Bell*> bells;
  {
    MutexLock hold(mutex_);
    for (const auto& place : places_) {
      const bool may_have_more = !waiting_.empty() && place->live < place->ahead;
      if (place->rest.empty() && !may_have_more) continue;
      if (give(*place)) bells.push_back(&place->desk.workers);
    }
  }
  for (Bell* const bell : bells) bell->ring();
  return !bells.empty();
}

ProcessWorkers::TaskPointer ProcessWorkers::take_given(Place& place, std::uint64_t number) {
  while (!place.given.empty() && place.given.front().number < number) {
    if (place.given.front().task != nullptr) break;
    place.given.pop_front();
  }
  if (place.given.empty() || place.given.front().number != number ||
      place.given.front().task == nullptr) {
    throw ipc::CorruptedError("a worker has a result for what it was not given");
  }
  TaskPointer task = std::move(place.given.front().task);
  place.given.pop_front();
  --place.live;
  return task;
}

void ProcessWorkers::finish(Ended& ended, std::span<const std::byte> results) {
  const auto bytes = results.subspan(ended.begin, ended.size);
  if (ended.kind == ResultHeader::kValue) return ended.task->succeed(bytes);
  std::exception_ptr error;
  std::string text;
  try {
    const auto failure = ipc::decode<RemoteFailure>(bytes);
    text = failure.what;
    error = to_exception(failure);
  } catch (...) {
    error = std::current_exception();
  }
  if (ended.kind == ResultHeader::kFailure) return ended.task->fail(std::move(error));
  break_down("the initializer of a pool's process failed: " + text);
}

bool ProcessWorkers::collect_events() {
  bool any = false;
  while (const auto event = nursery_->receive()) {
    handle(*event);
    any = true;
    if (event->kind == Nursery::Event::kGone) break;
  }
  return any;
}

void ProcessWorkers::handle(const Nursery::Event& event) {
  using Event = Nursery::Event;
  switch (event.kind) {
    case Event::kStarted: {
      MutexLock hold(mutex_);
      places_[event.place]->pid = event.value;
      places_[event.place]->looked_at = Clock::now();
      return;
    }
    case Event::kEnded:
      return bury(*places_[event.place], event.value);
    case Event::kFailed: {
      {
        MutexLock hold(mutex_);
        places_[event.place]->present = false;
      }
      return break_down(no_process(event.value));
    }
    case Event::kGone:
      terminated_.store(true);
      return break_down("the process that forks a pool's workers has ended");
  }
}

void ProcessWorkers::bury(Place& place, std::int32_t exit_code) {
  // What it has said before its end counts.
  for (bool more = true; more;) {
    {
      MutexLock hold(place.watch->reading);
      more = read_results(place);
    }
    finish_results();
  }
  Endings endings;
  bool breaks = false;
  int no_worker = 0;
  {
    MutexLock hold(mutex_);
    const bool was_to_end = place.retiring && exit_code == 0;
    if (!was_to_end && !place.overdue) ++idle_deaths_;
    breaks = broken_.empty() && !was_to_end &&
             ((!options_.heals && !place.overdue) || idle_deaths_ >= kMostIdleDeaths);
    // A pool that breaks fails them all, and for one reason.
    if (!breaks) take_from_dead(place, exit_code, endings);
  }
  if (breaks) break_down("a process of the pool " + ended_how(exit_code));
  {
    MutexLock read(place.watch->reading);
    MutexLock hold(mutex_);
    ++place.life;
    place.present = place.retiring = place.overdue = false;
    place.pid = 0;
    place.given.clear();
    place.rest = {};
    place.live = place.done = 0;
    place.next_number = 0;
    place.incoming.reset();
    place.desk.slot->clear();
    place.tasks.emplace(place.desk.slot->tasks);
    place.results.emplace(place.desk.slot->results);
    if (broken_.empty() && (!closed_ || !waiting_.empty())) no_worker = start(place);
  }
  if (no_worker != 0) break_down(no_process(no_worker));
  for (auto& [task, error] : endings) task->fail(std::move(error));
}

void ProcessWorkers::take_from_dead(Place& place, std::int32_t exit_code, Endings& endings) {
  for (auto at = place.given.rbegin(); at != place.given.rend(); ++at) {
    if (at->task == nullptr) continue;
    const bool begun = place.desk.slot->cell(at->number).load() == SharedSlot::kBegun;
    if (begun && (place.overdue || at->task->deaths++ >= options_.retries)) {
      endings.emplace_back(
          std::move(at->task),
          place.overdue
              ? std::make_exception_ptr(TimeoutError("a task of a pool took longer than its limit"))
              : std::make_exception_ptr(ipc::WorkerDiedError("the process that did this task " +
                                                             ended_how(exit_code))));
    } else {
      waiting_.push_front(std::move(at->task));
    }
  }
}

void ProcessWorkers::break_down(const std::string& why) {
  std::vector<TaskPointer> failed;
  {
    MutexLock hold(mutex_);
    if (broken_.empty()) broken_ = why;
    closed_ = true;
    failed = take_all();
    for (const auto& place : places_) {
      if (place->present) kill(*place);
    }
  }
  for (const TaskPointer& task : failed) {
    task->fail(std::make_exception_ptr(ipc::BrokenProcessPool(why)));
  }
}

bool ProcessWorkers::everything_has_ended() {
  MutexLock hold(mutex_);
  if (!closed_ || !waiting_.empty()) return false;
  bool all = true;
  for (const auto& place : places_) {
    if (place->live == 0) retire(*place);
    all &= !place->present;
  }
  return all;
}

int ProcessWorkers::kill_overdue() {
  if (!options_.time_limit) return -1;
  const std::chrono::nanoseconds now = Clock::now().time_since_epoch();
  std::chrono::nanoseconds least = *options_.time_limit;
  MutexLock hold(mutex_);
  bool any = false;
  for (const auto& place : places_) {
    if (!place->present || place->live == 0 || place->overdue) continue;
    any = true;
    const std::chrono::nanoseconds begun(place->desk.slot->begun_at.load());
    if (begun.count() == 0) continue;
    const auto left = begun + *options_.time_limit - now;
    if (left.count() <= 0) {
      place->overdue = true;
      kill(*place);
    }
    least = std::min(least, left);
  }
  if (!any) return -1;
  // Rounded up, so that it is over then.
  return static_cast<int>(std::max(least / std::chrono::milliseconds(1), std::int64_t{0})) + 1;
}

void ProcessWorkers::wait_for_news() {
  const auto come = [this] {
    return terminated_.load() || leftovers_.load() ||
           std::any_of(places_.begin(), places_.end(),
                       [](const auto& place) { return place->watch->shows_news(*place->results); });
  };
  if (spin_until(come)) return;
  bell_.prepare_to_sleep();
  // Who closes the pool rings, too, and a worker that has made room: both are looked for once more.
  if (come() || feed() || everything_has_ended()) return bell_.wake_up();
  pollfd watched[] = {{.fd = bell_.descriptor(), .events = POLLIN, .revents = 0},
                      {.fd = nursery_->descriptor(), .events = POLLIN, .revents = 0}};
  (void)::poll(watched, 2, kill_overdue());
  bell_.answer();
}

}  // namespace weft::internal
