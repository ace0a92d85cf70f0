// An item that is longer than the queue holds its process up until somebody gets it.
#include <string>

#include "primitives/message/queue.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr std::size_t kLong = 100'000;

template <bool kJoinsFirst>
std::string get_a_long_item() {
  ipc::Queue<std::string> q(0, kLong / 2);
  ipc::Process p({.daemon = true}, [&] { q.put(std::string(kLong, 'x')); });
  p.start();
  if (kJoinsFirst) p.join();
  const std::string got = q.get();
  p.join();
  return unless_equal("length of the item", static_cast<long>(got.size()), kLong);
}

}  // namespace

constinit const Specimen kJoinBeforeGet{
    .row = "000-6",
    .name = "message/join_before_get",
    .mistake = "the parent waits for the end of a child that waits for its item to be got",
    .kind = kind::kHang,
    .body = get_a_long_item<true>,
    .mended = get_a_long_item<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
