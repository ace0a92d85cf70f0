// The parameters of a model's function, or of a lambda.
//
// Thread safety: types.
#pragma once

#include <tuple>

#include "stress/linearize/specification.h"

namespace weft::linearize::internal {

template <class Result, class... Parameters>
struct SignatureOf {
  using Returned = Result;
  using Arguments = std::tuple<Parameters...>;
};
// Of a function of the state: without the state.
template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class Result, class Class, class... Parameters>
struct Signature<Result (Class::*)(Parameters...)> : SignatureOf<Result, Parameters...> {
  static constexpr bool kConst = false;
};
template <class Result, class Class, class... Parameters>
struct Signature<Result (Class::*)(Parameters...) const> : SignatureOf<Result, Parameters...> {
  static constexpr bool kConst = true;
};
template <class Result, class Class, class... Parameters>
struct Signature<Result (Class::*)(Parameters...) noexcept> : SignatureOf<Result, Parameters...> {
  static constexpr bool kConst = false;
};
template <class Result, class Class, class... Parameters>
struct Signature<Result (Class::*)(Parameters...) const noexcept>
    : SignatureOf<Result, Parameters...> {
  static constexpr bool kConst = true;
};
template <class Result, class... Parameters>
struct Signature<Result (*)(Parameters...)> : SignatureOf<Result, Parameters...> {};

template <class Tuple>
struct Tail;
template <class First, class... Rest>
struct Tail<std::tuple<First, Rest...>> {
  using Type = std::tuple<Rest...>;
};

template <class Tuple>
inline constexpr bool kTurnFirst = false;
template <class... Rest>
inline constexpr bool kTurnFirst<std::tuple<const Turn&, Rest...>> = true;

}  // namespace weft::linearize::internal
