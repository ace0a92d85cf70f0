// HeldObject: what a manager's process holds for its clients; one mutex each, so that each call is
// atomic and a call that waits keeps nobody off any other object.
//
// Thread safety: every function from any thread.
// Invariants:     (I1) A session that has ended takes no lock and no permit any more, nor waits:
//                      whoever ends it marks it first and then comes to each object.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/base/deadline.h"
#include "primitives/base/mutex.h"
#include "primitives/base/thread_annotations.h"
#include "primitives/base/wait_list.h"
#include "primitives/manager/wire.h"
#include "primitives/message/codec.h"
#include "primitives/process_pool/known_code.h"

namespace weft::ipc::detail {

// A client's process, as long as it lives.
struct Session {
  std::atomic<bool> ended{false};
};

// Nobody is there to be answered.
struct ClientGone {};

struct Caller {
  std::shared_ptr<const Session> session;
  std::uint64_t thread = 0;
  // Null if the client does not have this process's code at its addresses.
  const weft::internal::KnownCode* code = nullptr;

  bool operator==(const Caller& other) const {
    return session == other.session && thread == other.thread;
  }
};

// Calls `function` with the object's state, and leaves in it what became of it.
using UpdateCall = void (*)(std::uint64_t function, std::vector<Bytes>& state,
                            std::span<const std::byte> arguments, Bytes& result);

class HeldObject {
 public:
  HeldObject(Kind kind, std::string type) : kind(kind), type(std::move(type)) {}
  HeldObject(const HeldObject&) = delete;
  HeldObject& operator=(const HeldObject&) = delete;
  virtual ~HeldObject() = default;

  // Throws what the operation throws; DecodeError, ValueError for what it does not have.
  virtual Bytes call(Op op, std::span<const std::byte> arguments, const Caller& caller) = 0;
  // After the session was marked.
  virtual void end_session(const Session& session);
  // Whether the call takes something out for its caller, which is put back if the reply that brings
  // it does not arrive.
  virtual bool hands_over(Op) const { return false; }
  virtual void put_back(const Bytes& /*reply*/) {}

  const Kind kind;
  const std::string type;

 protected:
  static Deadline deadline_of(Patience patience) {
    return patience < 0 ? Deadline::never() : Deadline::after(std::chrono::nanoseconds(patience));
  }
  // Until something has changed. False if it is out of time. Throws ClientGone.
  bool wait_for_change(const Deadline& deadline, const Caller& caller) WEFT_REQUIRES(mutex_);
  void changed() WEFT_REQUIRES(mutex_) { (void)changes_.notify_all(); }

  // Throws ValueError if the client has other code; what the function throws.
  static Bytes run_update(const Caller& caller, std::vector<Bytes>& state, std::uint64_t call,
                          std::uint64_t function, const Bytes& arguments);

  // Calls a member function with the arguments that came, and encodes its result.
  template <class C, class R, class... P>
  Bytes answer(R (C::*member)(const Caller&, P...), const Caller& caller,
               std::span<const std::byte> arguments) {
    auto values = decode<std::tuple<std::decay_t<P>...>>(arguments);
    return std::apply(
        [&](auto&... each) {
          C& object = static_cast<C&>(*this);
          if constexpr (std::is_void_v<R>) {
            (object.*member)(caller, std::move(each)...);
            return encode(std::monostate());
          } else {
            return encode<std::decay_t<R>>((object.*member)(caller, std::move(each)...));
          }
        },
        values);
  }
  [[noreturn]] static void refuse(Op op);

  weft::internal::Mutex mutex_;

 private:
  weft::internal::WaitList changes_ WEFT_GUARDED_BY(mutex_);
};

// Throws ValueError for what no object can be made of.
std::shared_ptr<HeldObject> make_held(Kind kind, std::string type,
                                      std::span<const std::byte> initial);

}  // namespace weft::ipc::detail
