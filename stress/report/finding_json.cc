#include "stress/report/finding_json.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "stress/report/field_reader.h"
#include "stress/report/history_json.h"
#include "stress/report/json_reader.h"
#include "stress/report/json_writer.h"

namespace weft::report {
namespace {

std::string list_of(const std::vector<unsigned>& numbers) {
  std::string text;
  for (unsigned number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return "[" + text + "]";
}

constexpr const char* kRoles[] = {"tested", "primitive", "library", "harness"};
constexpr const char* kNamings[] = {"given", "symbol", "number"};
constexpr const char* kStates[] = {"ended", "waits", "could go on"};

std::string json_of(const Frame& frame) {
  Fields fields;
  fields.text("function", frame.function);
  fields.text("file", frame.file);
  fields.number("line", frame.line);
  fields.text("role", kRoles[static_cast<unsigned>(frame.role)]);
  fields.optional_text("source", frame.source);
  return fields.object();
}

std::string json_of(const Object& object) {
  Fields fields;
  fields.text("name", object.name);
  fields.text("kind", object.kind);
  fields.text("naming", kNamings[static_cast<unsigned>(object.naming)]);
  fields.text("memory", object.memory);
  return fields.object();
}

std::string json_of(const Thread& thread) {
  Fields fields;
  fields.text("name", thread.name);
  fields.text("state", kStates[static_cast<unsigned>(thread.state)]);
  fields.optional_text("operation", thread.operation);
  fields.text("waits_for", thread.waits_for);
  fields.optional_number("object", thread.object);
  fields.optional_number("holder", thread.holder);
  fields.add("stack", list_of(thread.stack));
  return fields.object();
}

std::string json_of(const Step& step) {
  Fields fields;
  fields.number("thread", step.thread);
  fields.text("operation", step.operation);
  fields.optional_number("object", step.object);
  fields.optional_number("second", step.second);
  fields.optional_number("other", step.other);
  fields.optional_text("value", step.value);
  fields.optional_text("before", step.before);
  fields.optional_text("left", step.left);
  fields.optional_text("order", step.order);
  if (step.size != 0) fields.number("size", step.size);
  fields.flag("changed", step.changed);
  fields.flag("switched", step.switched);
  fields.flag("preempted", step.preempted);
  fields.flag("blocked", step.blocked);
  fields.flag("timed_out", step.timed_out);
  fields.flag("failed", step.failed);
  fields.flag("spurious", step.spurious);
  fields.add("stack", list_of(step.stack));
  fields.number("place", step.place);
  return fields.object();
}

std::string json_of(const Place& place) {
  Fields fields;
  fields.text("label", place.label);
  fields.optional_number("thread", place.thread);
  fields.optional_number("step", place.step);
  fields.add("stack", list_of(place.stack));
  return fields.object();
}

std::string json_of(const MemoryAccess& access) {
  Fields fields;
  fields.number("thread", access.thread);
  fields.text("operation", access.operation);
  fields.optional_number("object", access.object);
  fields.number("size", access.size);
  if (access.block != 0) {
    fields.number("block", access.block);
    fields.number("offset", access.offset);
  }
  fields.number("step", access.step);
  fields.add("stack", list_of(access.stack));
  return fields.object();
}

template <class T>
std::string json_of(const std::vector<T>& list) {
  Items items("    ");
  for (const T& each : list) items.add(json_of(each));
  return list.empty() ? "[]" : "[" + items.text() + "\n  ]";
}

MemoryAccess access_from(const FieldReader& reader, const Finding& finding) {
  MemoryAccess access;
  access.thread = reader.index("thread", finding.threads.size());
  access.operation = reader.text("operation");
  access.object = reader.optional_index("object", finding.objects.size());
  access.size = reader.number("size");
  if (reader.find("block") != nullptr) {
    access.block = reader.number("block");
    access.offset = reader.number("offset");
  }
  access.step = reader.index("step", finding.steps.size() + 1);
  access.stack = reader.indices("stack", finding.frames.size());
  return access;
}

Step step_from(const FieldReader& reader, const Finding& finding) {
  Step step;
  step.thread = reader.index("thread", finding.threads.size());
  step.operation = reader.text("operation");
  step.object = reader.optional_index("object", finding.objects.size());
  step.second = reader.optional_index("second", finding.objects.size());
  step.other = reader.optional_index("other", finding.threads.size());
  step.value = reader.optional_text("value");
  step.before = reader.optional_text("before");
  step.left = reader.optional_text("left");
  step.order = reader.optional_text("order");
  step.size = reader.find("size") == nullptr
                  ? 0
                  : reader.index("size", std::numeric_limits<unsigned>::max());
  step.changed = reader.flag("changed");
  step.switched = reader.flag("switched");
  step.preempted = reader.flag("preempted");
  step.blocked = reader.flag("blocked");
  step.timed_out = reader.flag("timed_out");
  step.failed = reader.flag("failed");
  step.spurious = reader.flag("spurious");
  step.stack = reader.indices("stack", finding.frames.size());
  step.place = reader.index("place", step.stack.size() + 1);
  return step;
}

Thread thread_from(const FieldReader& reader, const Finding& finding, std::size_t threads) {
  return {.name = reader.text("name"),
          .state = static_cast<ThreadState>(reader.word("state", kStates)),
          .operation = reader.optional_text("operation"),
          .waits_for = reader.text("waits_for"),
          .object = reader.optional_index("object", finding.objects.size()),
          .holder = reader.optional_index("holder", threads),
          .stack = reader.indices("stack", finding.frames.size())};
}

Place place_from(const FieldReader& reader, const Finding& finding) {
  return {.label = reader.text("label"),
          .thread = reader.optional_index("thread", finding.threads.size()),
          .step = reader.optional_index("step", finding.steps.size()),
          .stack = reader.indices("stack", finding.frames.size())};
}

void read_lists(const FieldReader& reader, Finding& finding) {
  const auto each = [&reader](const char* key, const auto& take) {
    std::size_t number = 0;
    for (const Json& json : reader.list(key)) {
      take(FieldReader(json, reader.path(key) + "[" + std::to_string(number++) + "]"));
    }
  };
  each("frames", [&](const FieldReader& one) {
    finding.frames.push_back({.function = one.text("function"),
                              .file = one.text("file"),
                              .line = one.index("line", std::numeric_limits<unsigned>::max()),
                              .role = static_cast<Role>(one.word("role", kRoles)),
                              .source = one.optional_text("source")});
  });
  each("objects", [&](const FieldReader& one) {
    finding.objects.push_back({.name = one.text("name"),
                               .kind = one.text("kind"),
                               .naming = static_cast<Naming>(one.word("naming", kNamings)),
                               .memory = one.text("memory")});
  });
  const std::size_t threads = reader.list("threads").size();
  each("threads", [&](const FieldReader& one) {
    finding.threads.push_back(thread_from(one, finding, threads));
  });
  each("steps", [&](const FieldReader& one) { finding.steps.push_back(step_from(one, finding)); });
  // A file of a Weft from before there were any lacks them.
  if (reader.find("places") != nullptr) {
    each("places",
         [&](const FieldReader& one) { finding.places.push_back(place_from(one, finding)); });
  }
  if (reader.find("accesses") != nullptr) {
    each("accesses",
         [&](const FieldReader& one) { finding.accesses.push_back(access_from(one, finding)); });
  }
}

// Of an Original: what is a number.
constexpr std::pair<const char*, std::uint64_t Original::*> kOfOriginal[] = {
    {"steps", &Original::steps},
    {"switches", &Original::switches},
    {"preemptions", &Original::preemptions},
    {"simpler_steps", &Original::simpler_steps},
    {"simpler_switches", &Original::simpler_switches},
    {"simpler_preemptions", &Original::simpler_preemptions},
    {"executions", &Original::executions},
};

std::string json_of(const Original& original) {
  Items items("    ");
  items.add("schedule", json_string(original.schedule));
  for (const auto& [key, member] : kOfOriginal) items.add(key, std::to_string(original.*member));
  return "{" + items.text() + "\n  }";
}

Original original_from(const FieldReader& reader) {
  Original original;
  original.schedule = reader.text("schedule");
  for (const auto& [key, member] : kOfOriginal) original.*member = reader.number(key);
  return original;
}

}  // namespace

std::string to_json(const Finding& finding) {
  Items events("    ");
  for (const std::string& event : finding.events) events.add(json_string(event));
  Items items("  ");
  items.add("weft_finding", std::to_string(kFindingVersion));
  items.add("kind", json_string(finding.kind));
  items.add("sentence", json_string(finding.sentence));
  items.add("test", json_string(finding.test));
  items.add("verdict", json_string(finding.verdict));
  items.add("strategy", json_string(finding.strategy));
  items.add("seed", json_string(std::to_string(finding.seed)));
  items.add("execution", std::to_string(finding.execution));
  items.add("schedule", json_string(finding.schedule));
  items.add("replay", json_string(finding.replay));
  items.add("executions", std::to_string(finding.executions));
  items.add("distinct", std::to_string(finding.distinct));
  items.add("seconds", json_exact(finding.seconds));
  items.add("bounds", json_string(finding.bounds));
  items.add("switches", std::to_string(finding.switches));
  items.add("preemptions", std::to_string(finding.preemptions));
  if (finding.thread) items.add("thread", std::to_string(*finding.thread));
  if (finding.original) items.add("original", json_of(*finding.original));
  items.add("caveat", json_string(finding.caveat));
  items.add("events", finding.events.empty() ? "[]" : "[" + events.text() + "\n  ]");
  items.add("frames", json_of(finding.frames));
  items.add("objects", json_of(finding.objects));
  items.add("threads", json_of(finding.threads));
  items.add("steps", json_of(finding.steps));
  items.add("places", json_of(finding.places));
  if (!finding.accesses.empty()) items.add("accesses", json_of(finding.accesses));
  if (finding.history) items.add("history", json_of(*finding.history));
  return "{" + items.text() + "\n}\n";
}

Finding finding_from_json(std::string_view text) {
  Json json;
  try {
    json = read_json(text);
  } catch (const JsonError& error) {
    refuse_finding(error.what());
  }
  const FieldReader reader(json, "finding");
  if (reader.find("weft_finding") == nullptr) {
    refuse_finding("this is no finding of Weft: it has no field \"weft_finding\"");
  }
  const double version = reader.real("weft_finding");
  if (version != kFindingVersion) {
    refuse_finding("this is version " + json_number(version) +
                   " of the format, and this reader knows version " +
                   std::to_string(kFindingVersion) + " alone; read it with the Weft that wrote it");
  }
  Finding finding;
  finding.kind = reader.text("kind");
  finding.sentence = reader.text("sentence");
  finding.test = reader.text("test");
  finding.verdict = reader.text("verdict");
  finding.strategy = reader.text("strategy");
  finding.seed = reader.long_number("seed");
  finding.execution = reader.number("execution");
  finding.schedule = reader.text("schedule");
  finding.replay = reader.text("replay");
  finding.executions = reader.number("executions");
  finding.distinct = reader.number("distinct");
  finding.seconds = reader.real("seconds");
  finding.bounds = reader.text("bounds");
  finding.switches = reader.number("switches");
  finding.preemptions = reader.number("preemptions");
  finding.caveat = reader.text("caveat");
  if (const Json* original = reader.find("original")) {
    finding.original = original_from(FieldReader(*original, "finding.original"));
  }
  finding.events = reader.texts("events");
  read_lists(reader, finding);
  finding.thread = reader.optional_index("thread", finding.threads.size());
  if (const Json* history = reader.find("history"))
    finding.history = history_from(FieldReader(*history, "finding.history"));
  return finding;
}

}  // namespace weft::report
