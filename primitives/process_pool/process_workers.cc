#include "primitives/process_pool/process_workers.h"

#include <algorithm>
#include <utility>

#include "primitives/base/errors.h"
#include "primitives/base/processors.h"
#include "primitives/process/children.h"
#include "primitives/process_pool/pool_errors.h"
#include "primitives/process_pool/worker_loop.h"

namespace weft::internal {

namespace {

[[noreturn]] void fail_to_start(int error) {
  throw StartError(error, std::system_category(), "a pool of processes: a worker");
}

}  // namespace

ProcessWorkers::ProcessWorkers(Options options)
    : options_(std::move(options)), generation_(generation()) {
  const std::size_t count = options_.workers == 0 ? processors_of_this_thread() : options_.workers;
  for (std::size_t i = 0; i < count; ++i) {
    places_.push_back(std::make_unique<Place>(static_cast<Watch::Pool&>(*this), i, bell_));
  }
  nursery_.emplace(options_.name, [this](std::size_t place) {
    work_at(places_[place]->desk, options_.initializer, options_.time_limit.has_value());
  });
  {
    MutexLock hold(mutex_);
    for (const auto& place : places_) {
      if (const int error = start(*place); error != 0) fail_to_start(error);
    }
  }
  for (std::size_t begun = 0; begun < count;) {
    const Nursery::Event event = nursery_->wait();
    if (event.kind == Nursery::Event::kFailed) {
      fail_to_start(event.value);
    }
    if (event.kind == Nursery::Event::kGone) {
      throw RuntimeError("a pool of processes: the process that forks its workers has ended");
    }
    if (event.kind == Nursery::Event::kStarted) ++begun;
    handle(event);
  }
  collector_ = std::thread([this] { collect(); });
}

ProcessWorkers::~ProcessWorkers() {
  if (generation_ != generation()) {
    // The thread is the parent's; here it does not exist.
    (void)new std::thread(std::move(collector_));
    for (const auto& place : places_) {
      // Held by a thread of the parent it stays so.
      if (!place->watch->reading.try_lock()) continue;
      place->watch->pool = nullptr;
      place->watch->reading.unlock();
    }
    return;
  }
  close();
  collector_.join();
}

int ProcessWorkers::start(Place& place) {
  place.present = true;
  // Before there is a worker that would have to be woken.
  (void)give(place);
  const int error = nursery_->spawn(place.index);
  place.present = error == 0;
  return error;
}

void ProcessWorkers::require_open(const RemoteTask& task) const {
  if (!broken_.empty()) throw ipc::BrokenProcessPool(broken_);
  if (closed_) throw RuntimeError("the pool of processes is closed");
  if (!code_.contains(task.function) ||
      !code_.contains(reinterpret_cast<std::uint64_t>(task.call))) {
    throw ValueError(
        "a pool of processes: the function is in a library that was loaded after the pool was "
        "made, so its processes do not have it; load the library first");
  }
}

void ProcessWorkers::submit(TaskPointer task) {
  require_maker();
  Bell* bell = nullptr;
  {
    MutexLock hold(mutex_);
    require_open(*task);
    bell = enqueue(std::move(task));
  }
  if (bell != nullptr) bell->ring();
  // The collector has to know when the time of a task is over.
  if (options_.time_limit) bell_.ring();
}

void ProcessWorkers::submit_all(std::vector<TaskPointer> tasks) {
  require_maker();
  std::vector<Bell*> bells;
  {
    MutexLock hold(mutex_);
    for (const TaskPointer& task : tasks) require_open(*task);
    for (TaskPointer& task : tasks) {
      Bell* const bell = enqueue(std::move(task));
      if (bell == nullptr) continue;
      if (std::find(bells.begin(), bells.end(), bell) == bells.end()) bells.push_back(bell);
    }
  }
  for (Bell* const bell : bells) bell->ring();
  if (options_.time_limit) bell_.ring();
}

void ProcessWorkers::require_maker() const {
  if (generation_ != generation()) {
    throw RuntimeError("a pool of processes can be used by the process that made it alone");
  }
}

Bell* ProcessWorkers::enqueue(TaskPointer task) {
  RemoteTask* const given = task.get();
  waiting_.push_back(std::move(task));
  Place* const place = roomiest();
  if (place == nullptr || !give(*place)) return nullptr;
  if (place->live == 1 && place->given.back().task.get() == given) {
    if (Post* const post = given->post()) {
      *post = {place->watch, place->life, place->given.back().number};
    }
  }
  return &place->desk.workers;
}

ProcessWorkers::Place* ProcessWorkers::roomiest() {
  Place* best = nullptr;
  for (const auto& place : places_) {
    if (!place->present || place->retiring || place->live >= place->ahead) continue;
    if (best == nullptr || place->live < best->live) best = place.get();
  }
  return best;
}

bool ProcessWorkers::give(Place& place) {
  try {
    return write_tasks(place);
  } catch (const ipc::CorruptedError&) {
    kill(place);  // what it had is dealt with when it is dead
    return false;
  }
}

bool ProcessWorkers::write_tasks(Place& place) {
  if (!place.present) return false;
  StreamWriter& stream = *place.tasks;
  bool wrote = false;
  const auto write_rest = [&] {
    if (place.rest.empty()) return;
    const std::size_t count = stream.write(place.rest);
    place.rest = place.rest.subspan(count);
    wrote |= count > 0;
  };
  write_rest();
  while (place.rest.empty() && !place.retiring && place.live < place.ahead && !waiting_.empty()) {
    if (options_.most_tasks != 0 && place.done + place.live >= options_.most_tasks) break;
    // acquire: pairs with the worker's store when it is done with the cell.
    const std::uint64_t passed = place.desk.slot->passed.load(std::memory_order_acquire);
    if (passed > place.next_number) throw ipc::CorruptedError("a worker has passed too much");
    if (place.next_number - passed >= SharedSlot::kCells) break;
    if (stream.room() < sizeof(TaskHeader)) break;
    TaskPointer task = std::move(waiting_.front());
    waiting_.pop_front();
    if (!task->claim()) {
      cancelled_.push_back(std::move(task));
      leftovers_.store(true);
      continue;
    }
    const std::uint64_t number = place.next_number++;
    place.desk.slot->cell(number).store(SharedSlot::kPosted);
    stream.write(bytes_of(
        TaskHeader{number, reinterpret_cast<std::uint64_t>(task->call), task->function,
                   static_cast<std::uint32_t>(task->arguments.size()), TaskHeader::kTask}));
    wrote = true;
    place.rest = task->arguments;
    place.given.push_back({number, std::move(task)});
    ++place.live;
    write_rest();
  }
  if (wrote) stream.publish();
  return wrote;
}

void ProcessWorkers::take_back(const Place& idle) {
  Place* fullest = nullptr;
  for (const auto& place : places_) {
    if (place.get() == &idle || place->live < 2) continue;
    if (fullest == nullptr || place->live > fullest->live) fullest = place.get();
  }
  if (fullest != nullptr) (void)take_back_from(*fullest, fullest->live / 2);
}

std::size_t ProcessWorkers::take_back_from(Place& place, std::size_t most) {
  std::size_t taken = 0;
  for (auto at = place.given.rbegin(); at != place.given.rend() && taken < most; ++at) {
    if (at->task == nullptr) continue;
    // Of the last one a part may not be written yet, and it is written from its memory.
    if (at == place.given.rbegin() && !place.rest.empty()) continue;
    if (!SharedSlot::decide(place.desk.slot->cell(at->number), SharedSlot::kTaken)) break;
    waiting_.push_front(std::move(at->task));
    --place.live;
    ++taken;
  }
  return taken;
}

void ProcessWorkers::retire(Place& place) {
  if (place.retiring || !place.present || !place.rest.empty()) return;
  if (place.tasks->room() < sizeof(TaskHeader)) return;
  place.retiring = true;
  place.tasks->write(bytes_of(TaskHeader{place.next_number, 0, 0, 0, TaskHeader::kEnd}));
  place.tasks->publish();
  place.desk.workers.ring();
}

void ProcessWorkers::close() {
  {
    MutexLock hold(mutex_);
    closed_ = true;
  }
  bell_.ring();
}

void ProcessWorkers::terminate() {
  {
    MutexLock hold(mutex_);
    closed_ = true;
  }
  terminated_.store(true);
  bell_.ring();
}

void ProcessWorkers::cancel_waiting() {
  std::deque<TaskPointer> cancelled;
  {
    MutexLock hold(mutex_);
    for (const auto& place : places_) take_back_from(*place, place->live);
    cancelled.swap(waiting_);
  }
  for (const TaskPointer& task : cancelled) task->cancel();
  bell_.ring();
}

bool ProcessWorkers::closed() const {
  MutexLock hold(mutex_);
  return closed_;
}

void ProcessWorkers::join() {
  if (!closed()) throw ValueError("a pool of processes: join() before close() or terminate()");
  if (std::this_thread::get_id() == collector_.get_id()) {
    throw RuntimeError("a pool of processes: join() in a callback, which join() would wait for");
  }
  finished_.wait();
}

std::vector<pid_t> ProcessWorkers::pids() const {
  MutexLock hold(mutex_);
  std::vector<pid_t> pids;
  for (const auto& place : places_) {
    if (place->present && place->pid != 0) pids.push_back(place->pid);
  }
  return pids;
}

void ProcessWorkers::cancel_all() {
  std::vector<TaskPointer> left;
  {
    MutexLock hold(mutex_);
    left = take_all();
    for (const auto& place : places_) place->present = false;
  }
  for (const TaskPointer& task : left) task->cancel();
}

std::vector<ProcessWorkers::TaskPointer> ProcessWorkers::take_all() {
  std::vector<TaskPointer> all;
  for (TaskPointer& task : waiting_) all.push_back(std::move(task));
  waiting_.clear();
  for (const auto& place : places_) {
    for (Given& given : place->given) {
      if (given.task != nullptr) all.push_back(std::move(given.task));
    }
    place->given.clear();
    place->rest = {};
    place->live = 0;
  }
  return all;
}

}  // namespace weft::internal
