// What a manager and its clients say to each other, after the handshake: first a Hello, then
// requests, each with one reply, over one Connection.
//
// The manager knows no types: the values that it holds are messages (codec.h), which it keeps as
// the bytes that came and hands out again. So processes of any program may use it. A key of a dict
// is equal to another if its bytes are.
//
// Thread safety: values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::ipc::detail {

using Bytes = std::vector<std::byte>;
// 128 random bits.
using Token = std::array<std::uint64_t, 2>;

struct Hello {
  Token session;  // of the client's process
  // The manager's, known to what descends from its maker: they have its code at its addresses.
  Token image;
  // The session lasts as long as its anchor, a connection without requests.
  std::uint32_t is_anchor;
};

enum class Op : std::uint32_t {
  // Of the manager.
  kMake,
  kPublish,
  kUnpublish,
  kFind,
  kIssueTicket,
  kClaimTicket,
  kCount,
  // What a get brought has arrived. No reply.
  kArrived,
  // Of its objects.
  kGet,
  kSet,
  kUpdate,
  kUpdateItem,
  kSize,
  kAppend,
  kInsert,
  kTake,
  kErase,
  kClear,
  kAll,
  kFindItem,
  kKeys,
  kPut,
  kFull,
  kTaskDone,
  kJoin,
  kAcquire,
  kRelease,
  kRecover,
  kIsHeld,
  kWait,
  kNotify,
  kReset,
  kAbort,
  kIsBroken,
};

enum class Kind : std::uint32_t {
  kValue,
  kList,
  kDict,
  kNamespace,
  kQueue,
  kLock,
  kRLock,
  kSemaphore,
  kEvent,
  kCondition,
  kBarrier,
};

struct Request {
  std::uint64_t id;  // of one connection, counted up
  std::uint64_t thread;
  std::uint64_t object;
  Op op;
  Bytes arguments;
};

enum class Status : std::uint32_t {
  kDone,    // content: the result
  kFailed,  // content: a RemoteFailure
  kNoObject,
};

struct Reply {
  std::uint64_t id;
  Status status;
  Bytes content;
};

// What is given back to who makes, finds or claims an object.
struct ObjectName {
  std::uint64_t object;
  Kind kind;
  std::string type;  // of what it holds
};

// How an acquire ended.
enum class Taken : std::uint32_t { kTaken, kOutOfTime, kOwnerDied };

// Nanoseconds from now on; negative: without end.
using Patience = std::int64_t;
inline constexpr Patience kForEver = -1;

}  // namespace weft::ipc::detail
