#include "scenarios/message/hello_pipe.h"

#include <string>
#include <vector>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/judging.h"
#include "scenarios/process/python_words.h"

namespace weft::scenarios {
namespace {

using Words = std::vector<std::string>;

constexpr int kMore = 100;

std::string list_text(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "'" : ", '") + word + "'";
  return "[" + text + "]";
}

void run(Transcript& out, const Pace&) {
  auto [parent_end, child_end] = ipc::pipe();
  ipc::Process child([&] {
    parent_end.close();
    child_end.send(Words{"hello", "world"});
    for (int i = 0; i < kMore; ++i) child_end.send(Words(static_cast<std::size_t>(i), "more"));
    child_end.close();
  });
  child.start();
  child_end.close();  // else nobody would tell the parent of the end
  out.say(list_text(parent_end.recv<Words>()));
  for (int i = 0; i < kMore; ++i) {
    out.claim(parent_end.recv<Words>() == Words(static_cast<std::size_t>(i), "more"),
              "a message came out of its turn");
  }
  try {
    (void)parent_end.recv<Words>();
    out.say("another message");
  } catch (const ipc::EndOfFile&) {
    out.say("the end");
  }
  child.join();
  out.say("exitcode: " + in_python(child.exitcode()));
}

std::string judge(const Lines& lines) {
  return say_exactly({"['hello', 'world']", "the end", "exitcode: 0"}, lines);
}

}  // namespace

constinit const Scenario kHelloPipe = {
    .row = "000-5",
    .target = "//scenarios/message:hello_pipe",
    .shows = "A child sends a list to its parent over a pipe, and closes it.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
