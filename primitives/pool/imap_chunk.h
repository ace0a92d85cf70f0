// ImapChunk: a function called for each element of a chunk, with each one's result or exception.
//
// Thread safety: no state.
#pragma once

#include <exception>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "primitives/pool/value_state.h"

namespace weft::internal {

template <class F, class Input>
struct ImapChunk {
  using Called = std::invoke_result_t<F&, Input>;
  using Result = ValueOf<Called>;
  using Outcome = std::variant<Result, std::exception_ptr>;

  static std::vector<Outcome> call(F& function, std::vector<Input> inputs) {
    std::vector<Outcome> outcomes;
    outcomes.reserve(inputs.size());
    for (Input& input : inputs) {
      try {
        if constexpr (std::is_void_v<Called>) {
          std::invoke(function, std::move(input));
          outcomes.emplace_back(Result{});
        } else {
          outcomes.emplace_back(std::in_place_index<0>, std::invoke(function, std::move(input)));
        }
      } catch (...) {
        outcomes.emplace_back(std::in_place_index<1>, std::current_exception());
      }
    }
    return outcomes;
  }
};

}  // namespace weft::internal
