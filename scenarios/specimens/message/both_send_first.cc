// Each side sends more than the pipe holds before it receives.
#include <string>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr std::size_t kMuch = std::size_t{32} << 20;  // of what any buffer of the system holds

template <bool kBothFirst>
std::string exchange() {
  auto [parent_end, child_end] = ipc::pipe();
  ipc::Process child({.daemon = true}, [&] {
    parent_end.close();
    if (!kBothFirst) (void)child_end.recv<std::string>();
    child_end.send(std::string(kMuch, 'c'));
    if (kBothFirst) (void)child_end.recv<std::string>();
  });
  child.start();
  child_end.close();
  parent_end.send(std::string(kMuch, 'p'));
  const std::string got = parent_end.recv<std::string>();
  child.join();
  return unless_equal("length of the message", static_cast<long>(got.size()), kMuch);
}

}  // namespace

constinit const Specimen kBothSendFirst{
    .row = "000-5",
    .name = "message/both_send_first",
    .mistake = "both ends send first, and each waits for the other to receive",
    .kind = kind::kHang,
    .body = exchange<true>,
    .mended = exchange<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
