// elements_of(range): what a Generator's body yields to yield each element of the range.
//
//   Generator<int> in_order(const Node* node) {
//     if (node == nullptr) co_return;
//     co_yield elements_of(in_order(node->left));
//     co_yield node->value;
//     co_yield elements_of(in_order(node->right));
//   }
//
// A Generator of the same type that is moved in, or made there, takes the place of the body until
// it has ended: a step then costs the same however deep it is, since the bodies around it are not
// resumed, and a thousand or a million of them take no stack. Its exception comes out of the
// co_yield. Any other range, and a Generator that is only named, is iterated as by a loop.
//
// Thread safety: a value type.
#pragma once

#include <ranges>
#include <utility>

namespace weft {

// To be yielded at once: it refers to the range.
template <std::ranges::input_range Range>
struct [[nodiscard]] ElementsOf {
  Range&& range;
};

template <std::ranges::input_range Range>
ElementsOf<Range> elements_of(Range&& range) {
  return {std::forward<Range>(range)};
}

}  // namespace weft
