#include "stress/program/record.h"

#include "stress/explore/objects.h"
#include "stress/explore/raw.h"
#include "stress/explore/scheduling.h"

namespace weft::program {
namespace {

// Writes values of one type after the other, and counts them.
template <class T>
class Writer {
 public:
  Writer(Shared& shared, size_t& used) : shared_(shared), used_(used) {}
  T& add() {
    if (used_ + sizeof(T) > Shared::kRecordBytes) {
      explore::raw_die("an execution is too long to be recorded");
    }
    T& value = *reinterpret_cast<T*>(shared_.record + used_);
    used_ += sizeof(T);
    ++count_;
    return value;
  }
  uint32_t count() const { return count_; }

 private:
  Shared& shared_;
  size_t& used_;
  uint32_t count_ = 0;
};

void put_thread(ThreadRecord& record, const explore::ThreadFacts& facts) {
  explore::copy_text(record.name, sizeof record.name, facts.name);
  record.ended = facts.ended;
  record.ready = facts.ready;
  record.waits_for = facts.waits_for;
  record.pending = facts.pending;
  record.waits_at = facts.waits_at;
  __builtin_memcpy(record.frames, facts.frames, sizeof record.frames);
}

void put_object(ObjectRecord& record, const explore::Object& object) {
  record.address = object.address;
  record.is_number = object.kind == explore::Kind::kNumber;
  record.is_annotated = object.kind == explore::Kind::kAnnotated;
  record.owner = object.owner == nullptr ? explore::kNobody : object.owner->id;
  explore::copy_text(record.kind, sizeof record.kind, explore::name_of(object.kind));
  explore::copy_text(record.type_name, sizeof record.type_name,
                     object.type_name == nullptr ? "" : object.type_name);
  explore::copy_text(record.name, sizeof record.name, object.name);
}

}  // namespace

void record_execution(Shared& shared, const explore::Outcome& outcome) {
  size_t used = 0;
  Writer<ThreadRecord> threads(shared, used);
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    put_thread(threads.add(), explore::thread_facts(static_cast<explore::ThreadId>(id)));
  }
  Writer<explore::Event> events(shared, used);
  for (unsigned i = 0; i < explore::event_count(); ++i) events.add() = explore::event(i);
  Writer<ObjectRecord> objects(shared, used);
  for (unsigned i = 0; i < explore::object_count(); ++i) {
    put_object(objects.add(), explore::object_at(i));
  }
  // Those that are asked about: of events, of waits, and of accesses that met.
  Writer<AddressRecord> addresses(shared, used);
  const auto add_address = [&addresses](uintptr_t address) {
    if (address == 0) return;
    addresses.add() = {address, explore::stable_name(address), explore::block_facts(address)};
  };
  for (unsigned i = 0; i < explore::event_count(); ++i) {
    add_address(explore::event(i).operation.second);
  }
  for (unsigned id = 0; id < explore::thread_count(); ++id) {
    add_address(explore::thread_facts(static_cast<explore::ThreadId>(id)).waits_at);
  }
  for (unsigned i = 0; i < outcome.access_count; ++i) {
    add_address(outcome.accesses[i].address);
  }
  // Their texts are the runtime's, which lies at the same addresses in the other process.
  Writer<explore::Fact> facts(shared, used);
  for (unsigned i = 0; i < explore::fact_count(); ++i) facts.add() = explore::fact(i);
  shared.threads = threads.count();
  shared.events = events.count();
  shared.objects = objects.count();
  shared.addresses = addresses.count();
  shared.facts = facts.count();
}

}  // namespace weft::program
