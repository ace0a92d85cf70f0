#include "stress/linearize/value.h"

#include <bit>
#include <cmath>

#include "stress/report/json_writer.h"

namespace weft::linearize {
namespace {

std::string real_text(double real) {
  if (std::isnan(real)) return "\"NaN\"";
  if (std::isinf(real)) return real < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  std::string text = report::json_exact(real);
  // 1 is an integer.
  if (text.find_first_of(".eE") == text.npos) text += ".0";
  return text;
}

std::string list_text(const Value::List& list) {
  std::string text = "[";
  for (const Value& value : list) text += (text.size() == 1 ? "" : ", ") + value.text();
  return text + "]";
}

// The finalizer of MurmurHash3 (Appleby, public domain): each bit of the input changes half of the
// output's.
std::size_t mixed(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  x ^= x >> 33;
  return x;
}

}  // namespace

std::string Value::text() const {
  if (const auto* truth = get_if<bool>()) return report::json_bool(*truth);
  if (const auto* number = get_if<std::int64_t>()) return std::to_string(*number);
  if (const auto* real = get_if<double>()) return real_text(*real);
  if (const auto* text = get_if<std::string>()) return report::json_string(*text);
  if (const auto* list = get_if<List>()) return list_text(*list);
  return "null";
}

std::size_t Value::hash() const {
  const std::size_t kind = held_.index();
  if (const auto* truth = get_if<bool>()) return mixed(kind * 8 + (*truth ? 1 : 0));
  if (const auto* number = get_if<std::int64_t>()) {
    return mixed(static_cast<std::uint64_t>(*number) + (kind << 60));
  }
  // Zero has two signs, which are equal.
  if (const auto* real = get_if<double>()) {
    return mixed(std::bit_cast<std::uint64_t>(*real == 0 ? 0.0 : *real) + (kind << 60));
  }
  if (const auto* text = get_if<std::string>()) return mixed(std::hash<std::string>()(*text));
  std::size_t sum = mixed(kind << 60);
  if (const auto* list = get_if<List>()) {
    for (const Value& value : *list) sum = mixed(sum + value.hash());
  }
  return sum;
}

}  // namespace weft::linearize
