#include "stress/report/accesses.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "stress/report/holdings.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

const std::string& name_of(unsigned thread, const Finding& finding) {
  return finding.threads[thread].name;
}

std::string bytes_text(std::uint64_t bytes) {
  return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

std::string memory_text(const MemoryAccess& access, const Finding& finding) {
  if (access.operation == "free" || access.operation == "allocation") {
    return access.block == 0 ? "a block" : "a block of " + bytes_text(access.block);
  }
  std::string text = access.size == 0 ? "" : bytes_text(access.size) + " of ";
  text += access.object ? object_text(access.object, finding) : "memory";
  if (access.block != 0) {
    text += ", at " + std::to_string(access.offset) + " in a block of " + bytes_text(access.block);
  }
  return text;
}

std::string verb_of(const MemoryAccess& access) {
  if (access.operation == "read") return "reads";
  if (access.operation == "write") return "writes";
  if (access.operation == "atomic read") return "reads atomically";
  if (access.operation == "atomic write") return "writes atomically";
  return access.operation == "free" ? "frees" : "allocates";
}

bool releases(const std::string& order) {
  return is_one_of(order, {"release", "acq_rel", "seq_cst"});
}
bool acquires(const std::string& order) {
  return is_one_of(order, {"consume", "acquire", "acq_rel", "seq_cst"});
}
bool is_atomic_read(const Step& step) {
  return is_access(step) && !is_one_of(step.operation, {"store", "read", "write"});
}
bool is_atomic_write(const Step& step) {
  return is_access(step) && !step.failed && !is_one_of(step.operation, {"load", "read", "write"});
}

// Steps of the execution, as the search for what is missing sees them.
class Trace {
 public:
  explicit Trace(const Finding& finding)
      : finding_(finding), first_(finding.accesses[0]), second_(finding.accesses[1]) {}

  // The later thread has seen a number that the earlier one wrote after its access.
  std::string seen_flag() const {
    for (std::size_t at = first_.step; at < end(); ++at) {
      const Step& write = finding_.steps[at];
      if (write.thread != first_.thread || !is_atomic_write(write) || !write.object) continue;
      const std::optional<std::size_t> read = read_of(at);
      if (!read) continue;
      const std::string sentence = weak_orders(at, *read);
      if (!sentence.empty()) return sentence;
    }
    return "";
  }

  std::string wait_alone() const {
    const bool notified = did(first_.thread, {"notify_one", "notify_all"}, first_.step) &&
                          did(second_.thread, {"relock"}, first_.step);
    if (notified) {
      return "a notification alone orders nothing; what " + name_of(first_.thread, finding_) +
             " does is to be inside of the mutex";
    }
    if (did(second_.thread, {"sleep"}, first_.step)) return "a sleep orders nothing";
    return "";
  }

  std::string locks() const {
    const std::vector<unsigned> one = held(first_.thread, first_.step);
    const std::vector<unsigned> other = held(second_.thread, second_.step);
    if (one.empty() && other.empty()) return "";
    if (std::find_first_of(one.begin(), one.end(), other.begin(), other.end()) != one.end()) {
      return "";
    }
    return name_of(first_.thread, finding_) + " holds " + list(one) + ", " +
           name_of(second_.thread, finding_) + " holds " + list(other);
  }

  std::string nothing() const {
    return name_of(second_.thread, finding_) + " has acquired nothing that " +
           name_of(first_.thread, finding_) + " released after its access";
  }

 private:
  std::size_t end() const { return std::min<std::size_t>(second_.step, finding_.steps.size()); }

  // The first step of the later thread that reads what step `write` wrote.
  std::optional<std::size_t> read_of(std::size_t write) const {
    for (std::size_t at = write + 1; at < end(); ++at) {
      const Step& step = finding_.steps[at];
      if (step.object != finding_.steps[write].object || step.blocked) continue;
      if (step.thread == second_.thread && is_atomic_read(step)) return at;
      if (step.operation == "store") return std::nullopt;
    }
    return std::nullopt;
  }

  bool fence_between(unsigned thread, std::size_t begin, std::size_t before,
                     bool (*is_right)(const std::string&)) const {
    for (std::size_t at = begin; at < before; ++at) {
      const Step& step = finding_.steps[at];
      if (step.thread == thread && step.operation == "fence" && is_right(step.order)) return true;
    }
    return false;
  }

  std::string weak_orders(std::size_t write, std::size_t read) const {
    const Step& wrote = finding_.steps[write];
    const Step& saw = finding_.steps[read];
    const bool released =
        releases(wrote.order) || fence_between(wrote.thread, first_.step, write, releases);
    const bool acquired =
        acquires(saw.order) || fence_between(saw.thread, read + 1, end(), acquires);
    if (released && acquired) return "";
    const auto at = [](std::size_t step) { return " (step " + std::to_string(step) + ")"; };
    const std::string flag = object_text(wrote.object, finding_);
    std::string text = name_of(saw.thread, finding_) + "'s " + saw.operation + " of " + flag +
                       at(read) + " has seen " + name_of(wrote.thread, finding_) + "'s " +
                       wrote.operation + at(write) + ", but ";
    if (!released)
      text += "the " + wrote.operation + " is " + wrote.order + " and does not release";
    if (!released && !acquired) text += ", and ";
    if (!acquired) text += "the " + saw.operation + " is " + saw.order + " and does not acquire";
    return text;
  }

  bool did(unsigned thread, std::initializer_list<std::string_view> operations,
           std::size_t begin) const {
    for (std::size_t at = begin; at < end(); ++at) {
      const Step& step = finding_.steps[at];
      if (step.thread == thread && !step.blocked && is_one_of(step.operation, operations)) {
        return true;
      }
    }
    return false;
  }

  std::vector<unsigned> held(unsigned thread, std::size_t before) const {
    Holdings holdings;
    for (std::size_t at = 0; at < std::min(before, finding_.steps.size()); ++at) {
      holdings.apply(finding_.steps[at], finding_);
    }
    return holdings.of(thread);
  }

  std::string list(const std::vector<unsigned>& locks) const {
    if (locks.empty()) return "no lock";
    std::string text;
    for (unsigned lock : locks) text += (text.empty() ? "" : " and ") + object_text(lock, finding_);
    return text;
  }

  const Finding& finding_;
  const MemoryAccess& first_;
  const MemoryAccess& second_;
};

}  // namespace

std::string in_words(const MemoryAccess& access, const Finding& finding) {
  return name_of(access.thread, finding) + " " + verb_of(access) + " " +
         memory_text(access, finding);
}

std::vector<Place> access_places(const Finding& finding) {
  std::vector<Place> places;
  for (const MemoryAccess& access : finding.accesses) {
    Place& place = places.emplace_back();
    place.label = verb_of(access) + " " + memory_text(access, finding) +
                  (access.step == 0 ? ", before the first step"
                                    : ", after step " + std::to_string(access.step - 1));
    place.thread = access.thread;
    place.stack = access.stack;
  }
  return places;
}

std::vector<Place> all_places(const Finding& finding) {
  std::vector<Place> places = access_places(finding);
  places.insert(places.end(), finding.places.begin(), finding.places.end());
  return places;
}

std::string missing_edge(const Finding& finding) {
  if (finding.accesses.size() != 2) return "";
  const Trace trace(finding);
  for (std::string sentence : {trace.seen_flag(), trace.wait_alone(), trace.locks()}) {
    if (!sentence.empty()) return sentence;
  }
  return trace.nothing();
}

std::string race_sentence(const Finding& finding) {
  if (finding.accesses.size() == 1) {
    return finding.sentence + ": " + in_words(finding.accesses[0], finding);
  }
  if (finding.accesses.size() != 2) return finding.sentence;
  const MemoryAccess& first = finding.accesses[0];
  const MemoryAccess& second = finding.accesses[1];
  if (finding.kind != "data race") {
    return in_words(second, finding) + ", which " + name_of(first.thread, finding) + " has freed";
  }
  return in_words(first, finding) + ", " + in_words(second, finding) +
         ", and nothing orders the two: " + missing_edge(finding);
}

}  // namespace weft::report
