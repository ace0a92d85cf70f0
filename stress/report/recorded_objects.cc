#include "stress/report/recorded_objects.h"

#include <dlfcn.h>

#include "stress/report/words.h"

namespace weft::report {
namespace {

using explore::Event;
using explore::MemoryKind;
using explore::Op;

bool is_number(Op op) {
  return (op >= Op::kLoad && op <= Op::kWrite) || op == Op::kFutexWait || op == Op::kFutexWake;
}

std::string kind_of(Op op, std::uintptr_t address) {
  switch (op) {
    case Op::kRead:
    case Op::kWrite:
      return "variable";
    case Op::kWait:
    case Op::kNotifyOne:
    case Op::kNotifyAll:
      return "condition";
    case Op::kFree:
      return "memory";
    default:
      break;
  }
  if (is_number(op)) return "atomic";
  const char* kind = explore::object_facts(address).kind;
  return kind == nullptr ? "object" : kind;
}

bool names_no_object(Op op) {
  return op == Op::kJoin || op == Op::kStart || op == Op::kNone || op == Op::kYield ||
         op == Op::kSleep || op == Op::kPoint || op == Op::kInput || op == Op::kOutput ||
         op == Op::kAsk || op == Op::kFence;
}

}  // namespace

std::string in_words(const Object& object) {
  switch (object.naming) {
    case Naming::kGiven:
      return object.kind + " '" + object.name + "'";
    case Naming::kSymbol:
      return object.kind + " " + object.name;
    case Naming::kNumber:
      break;
  }
  return object.name;
}

bool is_in_program(std::uint64_t address) {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(address), &info) != 0;
}

unsigned RecordedObjects::known(std::uintptr_t address, std::uint64_t stable,
                                std::uint32_t annotated, Op op) {
  const auto fresh = static_cast<unsigned>(objects_.size());
  unsigned index = fresh;
  if (annotated != 0) {
    // Perhaps it was met before the first hook spoke of it.
    const auto met = by_key_.find({stable, is_number(op)});
    if (stable != 0 && met != by_key_.end() && objects_[met->second].annotated == 0 &&
        !by_annotation_.contains(annotated)) {
      index = met->second;
      by_annotation_[annotated] = index;
    } else {
      index = by_annotation_.try_emplace(annotated, fresh).first->second;
    }
  } else if (stable != 0) {
    index = by_key_.try_emplace({stable, is_number(op)}, fresh).first->second;
  } else if (const auto met = by_address_.find(address); met != by_address_.end()) {
    index = met->second;
  }
  if (index == fresh) objects_.push_back({address, stable, 0, kind_of(op, address)});
  if (annotated != 0) objects_[index].annotated = annotated;
  by_address_[address] = index;
  return index;
}

void RecordedObjects::add(unsigned number) {
  const Event& event = explore::event(number);
  std::optional<unsigned> object;
  std::optional<unsigned> second;
  if (!names_no_object(event.operation.op) && event.operation.object != 0) {
    object = known(event.operation.object, event.object, event.annotated, event.operation.op);
  }
  if (event.operation.second != 0) {
    const std::uintptr_t address = event.operation.second;
    const auto met = by_address_.find(address);
    second = met != by_address_.end() ? met->second
                                      : known(address, explore::stable_name(address), 0, Op::kLock);
  }
  of_event_.push_back(object);
  second_of_event_.push_back(second);
}

void RecordedObjects::add_end(const explore::ThreadFacts& facts) {
  const Op op = facts.pending.op;
  if (facts.ended || facts.ready || names_no_object(op) || facts.waits_at == 0) return;
  if (by_address_.contains(facts.waits_at)) return;
  known(facts.waits_at, explore::stable_name(facts.waits_at), 0, op);
}

void RecordedObjects::add_access(std::uintptr_t address) {
  const auto met = by_address_.find(address);
  of_access_ = met != by_address_.end()
                   ? met->second
                   : known(address, explore::stable_name(address), 0, Op::kWrite);
}

std::optional<unsigned> RecordedObjects::at_end(const explore::ThreadFacts& facts) const {
  const auto found = by_address_.find(facts.waits_at);
  return found == by_address_.end() ? std::nullopt : std::optional<unsigned>(found->second);
}

std::vector<std::uintptr_t> RecordedObjects::globals() const {
  std::vector<std::uintptr_t> addresses;
  for (const Known& each : objects_) {
    if (explore::memory_of(each.stable) == MemoryKind::kGlobal) addresses.push_back(each.address);
  }
  return addresses;
}

Object RecordedObjects::described(const Known& known, const Finding& finding,
                                  const RecordedPlaces& places) const {
  Object object;
  object.kind = known.kind;
  if (known.annotated != 0) {
    const explore::ObjectFacts facts = explore::object_facts_at(known.annotated);
    if (facts.kind != nullptr) object.kind = facts.kind;
    object.name = facts.name;
    if (!object.name.empty()) object.naming = Naming::kGiven;
  }
  constexpr unsigned kThreadShift = 32;
  switch (explore::memory_of(known.stable)) {
    case MemoryKind::kHeap:
      object.memory = "heap";
      break;
    case MemoryKind::kBodyStack:
      object.memory = "stack of " + finding.threads.front().name;
      break;
    case MemoryKind::kThreadStack: {
      const std::size_t id = (known.stable >> kThreadShift) & 0xff;
      if (id < finding.threads.size()) object.memory = "stack of " + finding.threads[id].name;
      break;
    }
    case MemoryKind::kGlobal:
      object.memory = "global";
      break;
    case MemoryKind::kOutside:
      object.memory = "outside";
      break;
    case MemoryKind::kNowhere:
      break;
  }
  if (object.name.empty()) {
    object.name = places.variable(known.address);
    // The compiler's own suffixes say nothing.
    const std::size_t suffix = object.name.find(" (.");
    if (suffix != object.name.npos) object.name.erase(suffix);
    if (!object.name.empty()) object.naming = Naming::kSymbol;
  }
  return object;
}

void RecordedObjects::name(Finding& finding, RecordedPlaces& places) {
  for (const Known& each : objects_) finding.objects.push_back(described(each, finding, places));
  // What the tested code itself touches has the first numbers; then come the insides of primitives.
  std::vector<bool> touched(objects_.size(), false);
  for (unsigned i = 0; i < of_event_.size(); ++i) {
    if (!of_event_[i]) continue;
    const std::vector<unsigned> stack = places.stack(explore::event(i).frames, finding);
    const unsigned place = tested_place(stack, finding);
    bool inside = place == stack.size();
    for (unsigned at = 0; at < place; ++at)
      inside |= finding.frames[stack[at]].role == Role::kPrimitive;
    if (!inside) touched[*of_event_[i]] = true;
  }
  std::map<std::string, unsigned> numbers;
  for (const bool wanted : {true, false}) {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      Object& object = finding.objects[i];
      if (touched[i] != wanted || !object.name.empty()) continue;
      object.name = object.kind + " " + std::to_string(++numbers[object.kind]);
    }
  }
}

}  // namespace weft::report
