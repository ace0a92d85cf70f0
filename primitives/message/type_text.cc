#include "primitives/message/type_text.h"

#include <atomic>
#include <cstdio>

namespace weft::ipc::detail {
namespace {

constinit std::atomic<const KnownType*> newest{nullptr};

// acquire: pairs with the release in KnownType's constructor: whoever sees it sees its content.
const KnownType* first_known() { return newest.load(std::memory_order_acquire); }

}  // namespace

KnownType::KnownType(std::string_view text) : text(text), word(type_word(text)) {
  next = first_known();
  // release: pairs with the acquire in first_known(). Two libraries may be loaded at once.
  while (!newest.compare_exchange_weak(next, this, std::memory_order_release,
                                       // relaxed: `next` is only stored; the success orders.
                                       std::memory_order_relaxed)) {
  }
}

std::string what_came(TypeWord word) {
  for (const KnownType* type = first_known(); type != nullptr; type = type->next) {
    if (type->word == word) return std::string(type->text) + " came";
  }
  const auto version = static_cast<unsigned>(word & 0xff);
  if (version != kVersion) return "version " + std::to_string(version) + " of the encoding came";
  char number[32];
  std::snprintf(number, sizeof number, "%014llx", static_cast<unsigned long long>(word >> 8));
  return "type " + std::string(number) + " came, which this program does not use";
}

}  // namespace weft::ipc::detail
