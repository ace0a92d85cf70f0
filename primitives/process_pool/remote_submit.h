// How the vocabularies of Pool and ProcessPoolExecutor make tasks of functions and arguments.
//
// Thread safety: as of ProcessWorkers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/pool/future.h"
#include "primitives/process_pool/process_workers.h"
#include "primitives/process_pool/remote_call.h"
#include "primitives/process_pool/remote_task.h"

namespace weft::internal {

// The one sentence for what is no function, rather than a page of templates.
template <class F>
constexpr void require_remotable() {
  static_assert(
      Remotable<F>,
      "a pool of processes calls functions, and lambdas that capture nothing: give what it "
      "needs as arguments");
}

template <class F>
std::uint64_t address_of(F function) {
  return reinterpret_cast<std::uint64_t>(+function);
}

// Throws ValueError for arguments that cannot be encoded.
template <class F, class... Args>
auto submit_remote(ProcessWorkers& workers, F function, Args&&... args) {
  require_remotable<F>();
  using Function = RemoteFunctionOf<F>;
  using Arguments = typename Function::Arguments;
  static_assert(
      sizeof...(Args) == Function::kParameters && std::is_constructible_v<Arguments, Args&&...>,
      "a pool of processes: the arguments are not those of the function");
  auto task =
      std::make_unique<CallTask<typename Function::Result>>(&Function::call, address_of(function));
  encode_to(task->arguments, Arguments(std::forward<Args>(args)...));
  auto future = task->future();
  workers.submit(std::move(task));
  return future;
}

// A chunk of a map: a future of the outcome of each element.
template <class F, class Element>
auto submit_chunk(ProcessWorkers& workers, F function, const std::vector<Element>& elements) {
  using Function = RemoteFunctionOf<F>;
  auto task = std::make_unique<CallTask<std::vector<typename Function::Outcome>>>(
      &Function::template call_each<Element>, address_of(function));
  encode_to(task->arguments, elements);
  auto future = task->future();
  workers.submit(std::move(task));
  return future;
}

[[noreturn]] inline void throw_failure(const RemoteFailure& failure) {
  std::rethrow_exception(to_exception(failure));
}

}  // namespace weft::internal
