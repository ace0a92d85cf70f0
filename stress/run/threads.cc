#include "stress/run/threads.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace weft::internal {
namespace {

constexpr std::size_t kMaxThreads = 2048;
constexpr std::size_t kMaxNames = 4096;
constexpr std::size_t kProbes = 32;
// relaxed throughout: an order here would order the tested threads; the header says more.
constexpr auto kRelaxed = std::memory_order_relaxed;

std::array<ThreadSlot, kMaxThreads> slots;
// No slot at or beyond this index was ever used.
std::atomic<std::size_t> slots_used{0};

struct NamedObject {
  std::atomic<const void*> object{nullptr};
  RelaxedText name;
};
std::array<NamedObject, kMaxNames> names;
std::atomic<std::size_t> names_used{0};

thread_local constinit ThreadLocalState local;

void free_slot() {
  ThreadSlot* slot = local.slot;
  local.slot = nullptr;
  local.gone = true;
  if (slot == nullptr) return;
  slot->waiting_for.store(nullptr, kRelaxed);
  for (auto& held : slot->held) held.object.store(nullptr, kRelaxed);
  slot->parked.store(false, kRelaxed);
  slot->tid.store(0, kRelaxed);
}

struct AtThreadExit {
  ~AtThreadExit() { free_slot(); }
  // Odr-uses the object, so that it is made and its destructor runs.
  void touch() const {}
};
thread_local AtThreadExit at_thread_exit;

ThreadSlot* claim_slot() {
  const int tid = gettid();
  for (std::size_t i = 0; i < kMaxThreads; ++i) {
    int free = 0;
    if (slots[i].tid.load(kRelaxed) != 0) continue;
    if (!slots[i].tid.compare_exchange_strong(free, tid, kRelaxed)) continue;
    std::size_t used = slots_used.load(kRelaxed);
    while (used <= i && !slots_used.compare_exchange_weak(used, i + 1, kRelaxed)) {
    }
    slots[i].name.set("");
    return &slots[i];
  }
  return nullptr;
}

std::size_t home_of(const void* object) {
  return mixed(reinterpret_cast<std::uintptr_t>(object)) % kMaxNames;
}

}  // namespace

void RelaxedText::set(std::string_view text) {
  const std::size_t size = std::min(text.size(), kBytes - 1);
  for (std::size_t w = 0; w < words_.size(); ++w) {
    std::uint64_t word = 0;
    if (w * 8 < size)
      std::memcpy(&word, text.data() + w * 8, std::min<std::size_t>(8, size - w * 8));
    words_[w].store(word, kRelaxed);
  }
}

std::string RelaxedText::get() const {
  char bytes[kBytes + 1] = {};
  for (std::size_t w = 0; w < words_.size(); ++w) {
    const std::uint64_t word = words_[w].load(kRelaxed);
    std::memcpy(bytes + w * 8, &word, 8);
  }
  return bytes;
}

ThreadLocalState& this_thread() { return local; }

ThreadSlot* this_slot() {
  if (local.slot != nullptr || local.gone) return local.slot;
  at_thread_exit.touch();
  local.slot = claim_slot();
  local.gone = local.slot == nullptr;
  return local.slot;
}

void name_this_thread(std::string_view name) {
  if (ThreadSlot* slot = this_slot()) slot->name.set(name);
}

std::vector<ThreadFacts> all_threads() {
  std::vector<ThreadFacts> all;
  const std::size_t used = slots_used.load(kRelaxed);
  for (std::size_t i = 0; i < used; ++i) {
    const ThreadSlot& slot = slots[i];
    if (slot.tid.load(kRelaxed) == 0) continue;
    ThreadFacts facts;
    facts.tid = slot.tid.load(kRelaxed);
    facts.name = slot.name.get();
    facts.waiting_for = slot.waiting_for.load(kRelaxed);
    facts.waiting_kind = slot.waiting_kind.load(kRelaxed);
    for (const auto& held : slot.held) {
      if (const void* object = held.object.load(kRelaxed)) {
        facts.held.push_back({object, held.kind.load(kRelaxed)});
      }
    }
    all.push_back(std::move(facts));
  }
  return all;
}

void forget_holder(const void* object) {
  const std::size_t used = slots_used.load(kRelaxed);
  for (std::size_t i = 0; i < used; ++i) {
    for (auto& held : slots[i].held) {
      const void* expected = object;
      if (held.object.load(kRelaxed) == object &&
          held.object.compare_exchange_strong(expected, nullptr, kRelaxed)) {
        return;
      }
    }
  }
}

void park(const std::vector<int>& tids) {
  for (ThreadSlot& slot : slots) {
    const int tid = slot.tid.load(kRelaxed);
    if (tid != 0 && std::find(tids.begin(), tids.end(), tid) != tids.end()) {
      slot.parked.store(true, kRelaxed);
    }
  }
}

void stop_if_parked(const ThreadSlot& slot) {
  while (slot.parked.load(kRelaxed)) pause();
}

void forget_threads_of_parent() {
  for (ThreadSlot& slot : slots) {
    if (&slot == local.slot) {
      slot.tid.store(gettid(), kRelaxed);
      continue;
    }
    slot.waiting_for.store(nullptr, kRelaxed);
    for (auto& held : slot.held) held.object.store(nullptr, kRelaxed);
    slot.parked.store(false, kRelaxed);
    slot.tid.store(0, kRelaxed);
  }
}

void set_object_name(const void* object, std::string_view name) {
  if (object == nullptr) return;
  const std::size_t home = home_of(object);
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    NamedObject& entry = names[(home + probe) % kMaxNames];
    const void* seen = entry.object.load(kRelaxed);
    if (seen == nullptr && entry.object.compare_exchange_strong(seen, object, kRelaxed)) {
      names_used.fetch_add(1, kRelaxed);
      seen = object;
    }
    if (seen != object) continue;
    entry.name.set(name);
    return;
  }
}

void forget_object_name(const void* object) {
  if (names_used.load(kRelaxed) == 0) return;
  const std::size_t home = home_of(object);
  // Looks at all probes rather than up to the first free one: entries leave no tombstones.
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    NamedObject& entry = names[(home + probe) % kMaxNames];
    const void* seen = object;
    if (entry.object.load(kRelaxed) == object &&
        entry.object.compare_exchange_strong(seen, nullptr, kRelaxed)) {
      names_used.fetch_sub(1, kRelaxed);
    }
  }
}

std::string object_name(const void* object) {
  const std::size_t home = home_of(object);
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    const NamedObject& entry = names[(home + probe) % kMaxNames];
    if (entry.object.load(kRelaxed) == object) return entry.name.get();
  }
  return "";
}

}  // namespace weft::internal
