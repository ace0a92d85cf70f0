// Sets, maps, locks and their kin, with their models.
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "scenarios/specimens/linearizable/sets.h"
#include "stress/linearize/front.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

using namespace scenarios::specimens::linearizable;
using namespace linearize::words;
using generate::Vocabulary;
using linearize::not_enabled;
using linearize::vocabulary_of;
using linearize::Waits;

struct SetModel {
  std::set<int> keys;
  bool add(int key) { return keys.insert(key).second; }
  bool remove(int key) { return keys.erase(key) > 0; }
  bool contains(int key) { return keys.contains(key); }
  int size() { return static_cast<int>(keys.size()); }
};

template <class C>
Vocabulary set() {
  return vocabulary_of<C, SetModel>(
      "Set", operation("add", &C::add, &SetModel::add, gen::inRange(0, 3)),
      operation("remove", &C::remove, &SetModel::remove, gen::inRange(0, 3)));
}

template <class C>
Vocabulary counted_set() {
  return vocabulary_of<C, SetModel>(
      "Set",
      operation(
          "add", &C::add, [](SetModel& s, int key) { (void)s.add(key); }, gen::inRange(0, 4)),
      operation(
          "remove", &C::remove, [](SetModel& s, int key) { (void)s.remove(key); },
          gen::inRange(0, 4)),
      operation("size", &C::size, &SetModel::size));
}

struct MapModel {
  std::map<int, int> values;
  std::optional<int> put_if_absent(int key, int value) {
    const auto [at, is_new] = values.try_emplace(key, value);
    return is_new ? std::nullopt : std::optional(at->second);
  }
  std::optional<int> get(int key) {
    const auto at = values.find(key);
    return at == values.end() ? std::nullopt : std::optional(at->second);
  }
};

template <class C>
Vocabulary map() {
  return vocabulary_of<C, MapModel>(
      "Map",
      operation("put_if_absent", &C::put_if_absent, &MapModel::put_if_absent, gen::inRange(0, 2),
                gen::unique()),
      operation("get", &C::get, &MapModel::get, gen::inRange(0, 2)));
}

struct NamedModel {
  bool named = true;
  void rename(int) {}
  bool has_a_name() { return named; }
};

template <class C>
Vocabulary named() {
  return vocabulary_of<C, NamedModel>(
      "Named", operation("rename", &C::rename, &NamedModel::rename, gen::inRange(0, 4)),
      operation("has_a_name", &C::has_a_name, &NamedModel::has_a_name));
}

struct LockModel {
  bool held = false;
  bool try_acquire() { return !std::exchange(held, true); }
  bool release() { return std::exchange(held, false); }
};

template <class C>
Vocabulary lock() {
  return vocabulary_of<C, LockModel>(
      "Lock", operation("try_acquire", &C::try_acquire, &LockModel::try_acquire),
      operation("release", &C::release, &LockModel::release));
}

struct ReadWriteModel {
  int readers = 0;
  bool writer = false;
  bool try_read() {
    if (writer) return false;
    ++readers;
    return true;
  }
  bool try_write() {
    if (writer || readers > 0) return false;
    writer = true;
    return true;
  }
};

template <class C>
Vocabulary read_write() {
  return vocabulary_of<C, ReadWriteModel>(
      "ReadWrite", operation("try_read", &C::try_read, &ReadWriteModel::try_read),
      operation("try_write", &C::try_write, &ReadWriteModel::try_write));
}

struct PermitsModel {
  int permits = 1;
  bool try_acquire() {
    if (permits == 0) return false;
    --permits;
    return true;
  }
  void release() { ++permits; }
  int value() { return permits; }
};

template <class C>
Vocabulary permits() {
  return vocabulary_of<C, PermitsModel>(
      "Permits", operation("try_acquire", &C::try_acquire, &PermitsModel::try_acquire),
      operation("release", &C::release, &PermitsModel::release),
      operation("value", &C::value, &PermitsModel::value));
}

struct SemaphoreModel {
  int permits = 0;
  Waits<> acquire() {
    if (permits == 0) return not_enabled;
    --permits;
    return linearize::done;
  }
  void release(int more) { permits += more; }
};

template <class C>
Vocabulary semaphore() {
  return vocabulary_of<C, SemaphoreModel>(
      "Semaphore", operation("acquire", &C::acquire, &SemaphoreModel::acquire),
      operation("release", &C::release, &SemaphoreModel::release, gen::inRange(1, 4)));
}

struct FirstModel {
  bool done = false;
  bool is_first() { return !std::exchange(done, true); }
};

template <class C>
Vocabulary first() {
  return vocabulary_of<C, FirstModel>("First",
                                      operation("is_first", &C::is_first, &FirstModel::is_first));
}

struct GateModel {
  bool open = false;
  void set() { open = true; }
  Waits<> wait() {
    if (!open) return not_enabled;
    return linearize::done;
  }
};

template <class C>
Vocabulary gate() {
  return vocabulary_of<C, GateModel>("Gate", operation("set", &C::set, &GateModel::set),
                                     operation("wait", &C::wait, &GateModel::wait));
}

constexpr Row kRows[] = {
    {"LooksThenAdds", 2, set<LooksThenAdds<false>>, set<LooksThenAdds<true>>},
    {"RemovedTwice", 3, set<RemovedTwice<false>>, set<RemovedTwice<true>>},
    {"PutIfAbsent", 2, map<PutIfAbsent<false>>, map<PutIfAbsent<true>>},
    {"CountsBuckets", 4, counted_set<CountsBuckets<false>>, counted_set<CountsBuckets<true>>},
    {"Renamed", 2, named<Renamed<false>>, named<Renamed<true>>},
    {"TryLock", 2, lock<TryLock<false>>, lock<TryLock<true>>},
    {"TryReadWrite", 2, read_write<TryReadWrite<false>>, read_write<TryReadWrite<true>>},
    {"Permits", 2, permits<Permits<false>>, permits<Permits<true>>},
    {"WakesOne", 3, semaphore<WakesOne<false>>, semaphore<WakesOne<true>>},
    {"First", 2, first<First<false>>, first<First<true>>},
    {"Gate", 2, gate<Gate<false>>, gate<Gate<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
