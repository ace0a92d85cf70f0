#include "primitives/manager/channel.h"

#include <string>

#include "primitives/base/errors.h"

namespace weft::ipc::detail {

Reply Channel::call(Request& request, const Deadline& deadline) {
  request.id = ++last_id_;
  connection_.send(request);
  for (;;) {
    if (!deadline.is_never() && !connection_.poll_until(deadline)) {
      throw TimeoutError("manager: no reply in time; the call may be done later or not at all");
    }
    auto reply = connection_.recv<Reply>();
    if (reply.id == request.id) return reply;
    if (reply.id > request.id) {
      throw RuntimeError("manager: reply " + std::to_string(reply.id) + " to request " +
                         std::to_string(request.id));
    }
  }
}

void Channel::acknowledge() {
  connection_.send(
      Request{.id = ++last_id_, .thread = 0, .object = 0, .op = Op::kArrived, .arguments = {}});
}

}  // namespace weft::ipc::detail
