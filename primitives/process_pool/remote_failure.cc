#include "primitives/process_pool/remote_failure.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <stdexcept>
#include <typeinfo>

#include "primitives/base/errors.h"
#include "primitives/process_pool/pool_errors.h"

namespace weft::internal {
namespace {

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return status == 0 ? readable.get() : name;
}

template <class E>
std::exception_ptr made(const std::string& what) {
  return std::make_exception_ptr(E(what));
}

struct Known {
  const std::type_info& type;
  std::exception_ptr (*make)(const std::string& what);
};

template <class E>
constexpr Known known() {
  return {typeid(E), &made<E>};
}

const Known kKnown[] = {
    known<std::logic_error>(),
    known<std::invalid_argument>(),
    known<std::domain_error>(),
    known<std::length_error>(),
    known<std::out_of_range>(),
    known<std::runtime_error>(),
    known<std::range_error>(),
    known<std::overflow_error>(),
    known<std::underflow_error>(),
    known<RuntimeError>(),
    known<ValueError>(),
    known<BrokenBarrierError>(),
    known<BrokenExecutor>(),
    known<BrokenThreadPool>(),
    known<QueueEmpty>(),
    known<QueueFull>(),
    known<QueueShutDown>(),
    known<TimeoutError>(),
    known<CancelledError>(),
    known<ipc::WorkerDiedError>(),
    known<ipc::BrokenProcessPool>(),
};

}  // namespace

RemoteFailure describe_current_exception() {
  try {
    throw;
  } catch (const ipc::RemoteError& error) {
    // It has come this way before.
    const std::string before = error.type() + ": ";
    return {error.type(), std::string(error.what()).substr(before.size())};
  } catch (const std::exception& error) {
    return {typeid(error).name(), error.what()};
  } catch (...) {
    return {"unknown", "an exception of no standard type"};
  }
}

std::exception_ptr to_exception(const RemoteFailure& failure) {
  if (failure.type == typeid(std::bad_alloc).name()) {
    return std::make_exception_ptr(std::bad_alloc());
  }
  for (const Known& known : kKnown) {
    if (failure.type == known.type.name()) return known.make(failure.what);
  }
  return std::make_exception_ptr(ipc::RemoteError(demangled(failure.type.c_str()), failure.what));
}

}  // namespace weft::internal
