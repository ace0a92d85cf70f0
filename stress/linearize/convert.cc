#include "stress/linearize/convert.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

#include "primitives/base/errors.h"

namespace weft::linearize {
namespace {

std::string without_namespace(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> whole(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  const std::string name = status == 0 ? whole.get() : type.name();
  // A template's arguments and an anonymous namespace keep their colons.
  const std::size_t end = name.find_first_of("<");
  const std::size_t colon = name.substr(0, end).rfind("::");
  return colon == name.npos ? name : name.substr(colon + 2);
}

}  // namespace

Value thrown(std::string type) { return Value::List{"throws", std::move(type)}; }

Value thrown_now() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  return thrown(type == nullptr ? "nothing" : without_namespace(*type));
}

namespace internal {

void refuse(const Value& value, const char* expected) {
  throw ValueError("a value is " + value.text() + " where the model takes " + expected);
}

const Value::List& list_of(const Value& value) {
  const auto* const list = value.get_if<Value::List>();
  if (list == nullptr) refuse(value, "a list");
  return *list;
}

const Value::List& list_of(const Value& value, std::size_t size) {
  const auto& list = list_of(value);
  if (list.size() != size) refuse(value, ("a list of " + std::to_string(size)).c_str());
  return list;
}

std::int64_t integer_of(const Value& value, std::int64_t low, std::int64_t high) {
  const auto* const number = value.get_if<std::int64_t>();
  if (number == nullptr) refuse(value, "an integer");
  if (*number < low || *number > high) {
    refuse(value,
           ("an integer from " + std::to_string(low) + " to " + std::to_string(high)).c_str());
  }
  return *number;
}

}  // namespace internal
}  // namespace weft::linearize
