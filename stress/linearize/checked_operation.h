// What an operation's two functions, the object's and the model's, must have in common, and what is
// said when they have not.
//
// Thread safety: compile-time.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "stress/generate/generator.h"
#include "stress/linearize/convert.h"
#include "stress/linearize/model.h"
#include "stress/linearize/recorder.h"

namespace weft::linearize {

template <class Call, class Next, class... Gens>
struct OperationItem;
template <class Make>
struct MadeByItem;
template <class Model>
struct StartsAsItem;

namespace internal {

template <class T>
inline constexpr bool kIsGen = false;
template <class T>
inline constexpr bool kIsGen<gen::Gen<T>> = true;
template <class T>
inline constexpr bool kIsOperation = false;
template <class... T>
inline constexpr bool kIsOperation<OperationItem<T...>> = true;
template <class T>
inline constexpr bool kIsMadeBy = false;
template <class T>
inline constexpr bool kIsMadeBy<MadeByItem<T>> = true;
template <class T>
inline constexpr bool kIsStartsAs = false;
template <class T>
inline constexpr bool kIsStartsAs<StartsAsItem<T>> = true;

// What a type becomes as a value.
enum class As { kNothing, kTruth, kInteger, kReal, kText, kList, kAny };

template <class T>
struct Stripped {
  using Type = T;
};
template <class T>
struct Stripped<std::optional<T>> : Stripped<T> {};
template <class T>
struct Stripped<Waits<T>> : Stripped<T> {};

template <class T>
constexpr As as_value() {
  using Type = typename Stripped<std::remove_cvref_t<T>>::Type;
  if constexpr (std::is_void_v<Type> || std::same_as<Type, std::monostate> ||
                std::same_as<Type, std::nullopt_t>) {
    return As::kNothing;
  } else if constexpr (std::same_as<Type, Value> || kConversionGiven<Type>) {
    return As::kAny;
  } else if constexpr (std::same_as<Type, bool>) {
    return As::kTruth;
  } else if constexpr (std::integral<Type> || std::is_enum_v<Type>) {
    return As::kInteger;
  } else if constexpr (std::floating_point<Type>) {
    return As::kReal;
  } else if constexpr (Text<Type>) {
    return As::kText;
  } else {
    return As::kList;
  }
}

template <class A, class B>
inline constexpr bool kAlike =
    as_value<A>() == as_value<B>() || as_value<A>() == As::kAny || as_value<B>() == As::kAny;

template <class F>
concept Callable = std::is_member_function_pointer_v<F> || requires {
  &std::remove_pointer_t<F>::operator();
} || std::is_function_v<std::remove_pointer_t<F>>;

// A function of `Subject`: its own, or one that takes it first.
template <class F, class Subject>
struct FunctionOf {
  static constexpr bool kIsRight = false;
  using Arguments = std::tuple<>;
  using Result = void;
};
template <class F, class Subject>
  requires(std::is_member_function_pointer_v<F>)
struct FunctionOf<F, Subject> {
  using Arguments = typename Signature<F>::Arguments;
  using Result = typename Signature<F>::Returned;
  static constexpr bool kIsRight = []<class R, class Class, class... P>(std::tuple<P...>*,
                                                                        R Class::*) {
    return std::derived_from<Subject, Class> || std::same_as<Subject, Class>;
  }(static_cast<Arguments*>(nullptr), F{});
};
template <class F, class Subject>
  requires(Callable<F> && !std::is_member_function_pointer_v<F>)
struct FunctionOf<F, Subject> {
  using All = typename Signature<F>::Arguments;
  template <class Tuple>
  struct Split {
    using Rest = std::tuple<>;
    static constexpr bool kIsRight = false;
  };
  template <class First, class... More>
  struct Split<std::tuple<First, More...>> {
    using Rest = std::tuple<More...>;
    static constexpr bool kIsRight =
        std::is_lvalue_reference_v<First> && std::derived_from<Subject, std::remove_cvref_t<First>>;
  };
  using Arguments = typename Split<All>::Rest;
  using Result = typename Signature<F>::Returned;
  static constexpr bool kIsRight = Split<All>::kIsRight;
};

template <class Tuple>
struct WithoutTurn {
  using Type = Tuple;
};
template <class... Rest>
struct WithoutTurn<std::tuple<const Turn&, Rest...>> {
  using Type = std::tuple<Rest...>;
};

template <class T>
inline constexpr bool kIsValueParameter =
    !std::is_lvalue_reference_v<T> || std::is_const_v<std::remove_reference_t<T>>;

// Where a test gives no values.
template <class T>
inline constexpr bool kHasDefaultValues = std::integral<T>;
template <class T>
generate::Generator default_values() {
  if constexpr (std::same_as<T, bool>) {
    return gen::boolean().generator;
  } else {
    return gen::inRange<T>(0, 4).generator;
  }
}

template <class Object, class Model, class Call, class Next, class... Gens>
class CheckedOperation {
  using OfObject = FunctionOf<Call, Object>;
  using OfModel = FunctionOf<Next, Model>;
  using Arguments = typename OfObject::Arguments;
  using ModelArguments = typename WithoutTurn<typename OfModel::Arguments>::Type;
  static constexpr std::size_t kCount = std::tuple_size_v<Arguments>;
  template <std::size_t I>
  using Argument = std::remove_cvref_t<std::tuple_element_t<I, Arguments>>;
  using Indices = std::make_index_sequence<kCount>;

  static constexpr bool kObjectIsRight = OfObject::kIsRight;
  static constexpr bool kModelIsRight = OfModel::kIsRight;
  static constexpr bool kAsMany = kCount == std::tuple_size_v<ModelArguments>;

  template <class F>
  static constexpr bool all(F is_so) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (is_so(std::integral_constant<std::size_t, I>()) && ...);
    }(Indices());
  }
  static constexpr bool arguments_alike() {
    if constexpr (kAsMany) {
      return all(
          [](auto i) { return kAlike<Argument<i>, std::tuple_element_t<i, ModelArguments>>; });
    }
    return true;
  }
  static constexpr bool are_values() {
    return all([](auto i) { return kIsValueParameter<std::tuple_element_t<i, Arguments>>; });
  }
  static constexpr bool have_values() {
    return all([](auto i) { return i < sizeof...(Gens) || kHasDefaultValues<Argument<i>>; });
  }
  static constexpr bool values_fit() {
    if constexpr (sizeof...(Gens) > 0 && sizeof...(Gens) <= kCount) {
      return all([](auto i) {
        if constexpr (i < sizeof...(Gens)) {
          using Given = typename std::tuple_element_t<i, std::tuple<Gens...>>::type;
          return kAlike<Argument<i>, Given>;
        }
        return true;
      });
    }
    return true;
  }

  static_assert(
      kObjectIsRight,
      "operation: the object's function is a member function of the object, or a function "
      "or lambda that takes the object first, by reference, and whose parameters are not "
      "`auto`; of an overloaded one choose by overload<void(int)>(&Ring::push)");
  static_assert(kModelIsRight,
                "operation: the model's function is a member function of the model, or a function "
                "or lambda that takes the model first, by reference, and whose parameters are not "
                "`auto`");
  static_assert(!kObjectIsRight || !kModelIsRight || kAsMany,
                "operation: the object's function and the model's take different numbers of "
                "arguments");
  static_assert(!kObjectIsRight || !kModelIsRight || arguments_alike(),
                "operation: an argument of the object's function and that of the model's are of "
                "different types (say bool and int)");
  static_assert(are_values(),
                "operation: an argument is a value; the object's function takes one by a reference "
                "that it may write to: wrap it in a lambda that returns what it wrote");
  static_assert(!kObjectIsRight || sizeof...(Gens) <= kCount,
                "operation: there are values for more arguments than the object's function takes");
  static_assert(have_values(),
                "operation: there are no values for an argument, and its type has none of its own: "
                "give them behind the model's function, as gen::element(...)");
  static_assert(values_fit(),
                "operation: the values given for an argument are of another type than it is");
  static_assert(!kObjectIsRight || !kModelIsRight ||
                    kAlike<typename OfObject::Result, typename OfModel::Result>,
                "operation: the result of the object's function and that of the model's cannot be "
                "equal: they are of different types (say void and bool)");

 public:
  using Result = typename OfObject::Result;
  static constexpr bool kIsRight = kObjectIsRight && kModelIsRight && kAsMany &&
                                   arguments_alike() && are_values() && sizeof...(Gens) <= kCount &&
                                   have_values() && values_fit() &&
                                   kAlike<Result, typename OfModel::Result>;
  static constexpr bool kMayWait = kWaits<typename OfModel::Result>;

  static std::vector<generate::Generator> generators(const std::tuple<Gens...>& gens) {
    std::vector<generate::Generator> all;
    std::apply([&](const auto&... gen) { (all.push_back(gen.generator), ...); }, gens);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto add = [&](auto i) {
        if constexpr (i >= sizeof...(Gens)) all.push_back(default_values<Argument<i>>());
      };
      (add(std::integral_constant<std::size_t, I>()), ...);
    }(Indices());
    return all;
  }

  static auto run(Call call) {
    return
        [call = std::move(call)](Object& object, const std::vector<Value>& values, Value& result) {
          [&]<std::size_t... I>(std::index_sequence<I...>) {
            // Made by the tested thread: they are the object's from now on.
            std::tuple<Argument<I>...> arguments{from_value<Argument<I>>(values[I])...};
            if constexpr (std::is_void_v<Result>) {
              std::invoke(call, object, std::get<I>(std::move(arguments))...);
              const Unrecorded harness;
              result = Value();
            } else {
              const std::remove_cvref_t<Result> returned =
                  std::invoke(call, object, std::get<I>(std::move(arguments))...);
              const Unrecorded harness;
              result = to_value(returned);
            }
          }(Indices());
        };
  }
};

}  // namespace internal
}  // namespace weft::linearize
