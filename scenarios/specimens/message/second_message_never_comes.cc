// The child sends one message and then waits for an answer.
#include <string>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

template <int kMessages>
std::string receive() {
  auto [parent_end, child_end] = ipc::pipe();
  ipc::Process child({.daemon = true}, [&] {
    parent_end.close();
    child_end.send(1);
    (void)child_end.recv<int>();
  });
  child.start();
  child_end.close();
  int sum = 0;
  for (int i = 0; i < kMessages; ++i) sum += parent_end.recv<int>();
  parent_end.send(sum);
  child.join();
  return unless_equal("sum", sum, 1);
}

}  // namespace

constinit const Specimen kSecondMessageNeverComes{
    .row = "000-5",
    .name = "message/second_message_never_comes",
    .mistake = "the parent receives a second message, which nobody sends",
    .kind = kind::kHang,
    .body = receive<2>,
    .mended = receive<1>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
