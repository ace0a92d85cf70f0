// The end of a pipe comes when every copy of its other end is closed, the parent's own, too.
#include <string>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <bool kKeepsItsCopy>
std::string receive_all() {
  auto [parent_end, child_end] = ipc::pipe();
  ipc::Process child({.daemon = true}, [&] { child_end.send(1); });
  child.start();
  if (!kKeepsItsCopy) child_end.close();
  int messages = 0;
  try {
    for (;; ++messages) (void)parent_end.recv<int>();
  } catch (const ipc::EndOfFile&) {
  }
  child.join();
  return unless_equal("number of messages", messages, 1);
}

}  // namespace

constinit const Specimen kOwnCopyKept{
    .row = "000-5",
    .name = "message/own_copy_kept",
    .mistake =
        "the parent keeps its copy of the end that its child sends from, and waits for the end",
    .kind = kind::kHang,
    .body = receive_all<true>,
    .mended = receive_all<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
