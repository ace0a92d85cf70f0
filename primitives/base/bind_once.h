// bind_once(): a function with copies of its arguments, to be called once.
//
// Both are moved from by the call, so move-only ones work; a std::function can hold the result all
// the same, because its copies share them.
//
// Thread safety: as of what is bound. A call writes to it, whichever copy it is of.
#pragma once

#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace weft::internal {

// What is returned takes further arguments, which come before the bound ones. What the function
// returns is lost.
template <class F, class... Args>
auto bind_once(F&& function, Args&&... args) {
  using Bound = std::tuple<std::decay_t<F>, std::decay_t<Args>...>;
  return [bound = std::make_shared<Bound>(std::forward<F>(function), std::forward<Args>(args)...)](
             const auto&... first) {
    std::apply(
        [&](auto& call, auto&... each) {
          (void)std::invoke(std::move(call), first..., std::move(each)...);
        },
        *bound);
  };
}

}  // namespace weft::internal
