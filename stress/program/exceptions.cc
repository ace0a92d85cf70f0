// An exception that nobody catches is told by its type and its text, before std::terminate() says
// no more than abort().
#include <cxxabi.h>
#include <stdlib.h>

#include <exception>
#include <typeinfo>

#include "stress/explore/explore.h"

namespace weft::program {
namespace {

void put(char*& at, const char* end, const char* text) {
  while (*text != '\0' && at + 1 < end) *at++ = *text++;
  *at = '\0';
}

void put_current_exception(char* at, const char* end) {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  int status = -1;
  char* const name =
      type == nullptr ? nullptr : abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  put(at, end, name != nullptr ? name : type != nullptr ? type->name() : "an unknown exception");
  free(name);
  try {
    throw;
  } catch (const std::exception& error) {
    put(at, end, ": ");
    put(at, end, error.what());
  } catch (const char* text) {
    put(at, end, ": ");
    put(at, end, text);
  } catch (...) {
  }
  put(at, end, " left a thread");
}

[[noreturn]] void on_terminate() {
  if (!explore::inside()) abort();
  if (abi::__cxa_current_exception_type() == nullptr) {
    explore::abandon_execution(explore::Finding::kAbort, "std::terminate() was called");
  }
  char text[400] = {};
  {
    const explore::Outside outside;
    put_current_exception(text, text + sizeof text);
  }
  explore::abandon_execution(explore::Finding::kException, text);
}

}  // namespace
}  // namespace weft::program

extern "C" void weft_watch_exceptions() { std::set_terminate(weft::program::on_terminate); }
