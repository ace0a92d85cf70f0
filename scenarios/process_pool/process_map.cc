#include "scenarios/process_pool/process_map.h"

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "primitives/ipc/value.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/judging.h"
#include "scenarios/pool/ten_numbers.h"

namespace weft::scenarios {
namespace {

using Calls = std::array<int, 10>;

// How often each number was worked on. The pool's processes have this thread's, as it was when the
// pool was made.
thread_local std::optional<ipc::Value<Calls>> calls;

int counting_adder(int a) {
  calls->with_lock([a](Calls& all) { ++all.at(static_cast<std::size_t>(a)); });
  return adder(a);
}

int failing_adder(int a) {
  (void)counting_adder(a);
  if (a % 3 == 2) throw std::runtime_error("no " + std::to_string(a));
  return adder(a);
}

void claim_each_once(Transcript& out, const std::string& where) {
  for (const int count : calls->get()) {
    out.claim(count == 1, "a number was not worked on once" + where);
  }
  calls->set({});
}

void in_order(Transcript& out, ipc::Pool& pool, std::size_t chunk) {
  const std::string where = " with chunks of " + std::to_string(chunk) + " and " +
                            std::to_string(pool.processes()) + " processes";
  const auto doubled = pool.map(counting_adder, ten_numbers(), chunk);
  out.claim(list_text(doubled) == "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]",
            list_text(doubled) + where);
  claim_each_once(out, where);
}

void run(Transcript& out, const Pace&) {
  calls.emplace();
  ipc::Pool pool1(4);
  out.say(list_text(pool1.map(adder, ten_numbers())));
  out.say(list_text(pool1.map(adder, std::vector<int>())));
  try {
    (void)pool1.map(failing_adder, ten_numbers(), 1);
  } catch (const std::runtime_error& error) {
    out.say(error.what());
  }
  claim_each_once(out, " when map() threw");
  for (const std::size_t chunk : {1, 3, 4, 10, 11}) in_order(out, pool1, chunk);
  ipc::Pool alone(1);
  in_order(out, alone, 4);
}

std::string judge(const Lines& lines) {
  return say_exactly({"[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]", "[]", "no 2"}, lines);
}

}  // namespace

constinit const Scenario kProcessMap = {
    .row = "000-8a",
    .target = "//scenarios/process_pool:process_map",
    .shows = "The results of a map over processes stand in the order of its input.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
