// Behind linearizable.h: from the operations of an object and its model to a Vocabulary, with a
// sentence for each mistake.
//
// Thread safety: as stress/generate/subject.h.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "stress/explore/guarantee.h"
#include "stress/generate/property.h"
#include "stress/generate/subject.h"
#include "stress/linearize/checked_operation.h"
#include "stress/linearize/convert.h"
#include "stress/linearize/model.h"
#include "stress/linearize/recorder.h"

namespace weft::linearize {

template <class Call, class Next, class... Gens>
struct OperationItem {
  std::string name;
  Call call;
  Next next;
  std::tuple<Gens...> gens;
  std::string group = {};
  generate::Operation::Where where = generate::Operation::kAnywhere;

  OperationItem by(std::string one_thread) && {
    group = std::move(one_thread);
    return std::move(*this);
  }
  OperationItem only_before() && {
    where = generate::Operation::kBefore;
    return std::move(*this);
  }
  OperationItem only_after() && {
    where = generate::Operation::kAfter;
    return std::move(*this);
  }
};

template <class Make>
struct MadeByItem {
  Make make;
};
template <class Model>
struct StartsAsItem {
  Model model;
};
struct GuaranteeItem {
  explore::Guarantee guarantee;
};
struct SettingItem {
  std::function<void(generate::Search&)> apply;
};

// What a test says, unqualified.
namespace words {

namespace gen = ::weft::gen;

template <class Call, class Next, class... Gens>
OperationItem<Call, Next, Gens...> operation(std::string name, Call call, Next next, Gens... gens) {
  static_assert((internal::kIsGen<Gens> && ...),
                "operation: behind the model's function stand the values of the arguments: "
                "gen::inRange(0, 3), gen::element(...), gen::boolean(), gen::unique()");
  return {std::move(name), std::move(call), std::move(next), {std::move(gens)...}};
}

// overload<void(int)>(&Ring::push), overload<bool() const>(&Ring::empty)
template <class Signature, class Class>
auto overload(Signature Class::* function) {
  return function;
}

template <class Make>
MadeByItem<Make> made_by(Make make) {
  return {std::move(make)};
}
template <class Model>
StartsAsItem<Model> starts_as(Model model) {
  return {std::move(model)};
}
// At most so many steps: see stress/explore/guarantee.h.
inline GuaranteeItem obstruction_free(std::uint64_t steps = explore::Guarantee::kManySteps) {
  return {{explore::Guarantee::Kind::kObstructionFree, steps}};
}
inline GuaranteeItem lock_free(std::uint64_t steps = explore::Guarantee::kManySteps) {
  return {{explore::Guarantee::Kind::kLockFree, steps}};
}
inline GuaranteeItem wait_free_within(std::uint64_t steps) {
  return {{explore::Guarantee::Kind::kWaitFree, steps}};
}
inline SettingItem threads(unsigned most) {
  return {[=](generate::Search& search) { search.threads_max = most; }};
}
inline SettingItem calls(unsigned most) {
  return {[=](generate::Search& search) { search.calls_max = most; }};
}
inline SettingItem around(unsigned most) {
  return {[=](generate::Search& search) { search.around_max = most; }};
}
inline SettingItem options(const Options& options) {
  return {[=](generate::Search& search) { search.options = options; }};
}
// All of it; what stands before it is forgotten.
inline SettingItem search(const generate::Search& all) {
  return {[=](generate::Search& search) { search = all; }};
}

}  // namespace words

namespace internal {

template <class Item>
void apply_setting(generate::Search& search, const Item& item) {
  if constexpr (std::same_as<Item, SettingItem>) item.apply(search);
}

// How the objects' operations are run.
template <class Object>
struct ObjectParts {
  using Run = std::function<void(Object&, const std::vector<Value>&, Value& result)>;
  std::function<std::unique_ptr<Object>()> make;
  std::vector<Run> runs;
};

template <class Object>
class ObjectSubject final : public generate::Subject {
 public:
  explicit ObjectSubject(const ObjectParts<Object>& parts) : parts_(parts), object_(parts.make()) {}

  void run(unsigned operation, unsigned, const std::vector<Value>& arguments,
           Value& result) override {
    try {
      parts_.runs[operation](*object_, arguments, result);
    } catch (const std::exception&) {
      const Unrecorded harness;
      result = thrown_now();
    }
  }

 private:
  const ObjectParts<Object>& parts_;
  const std::unique_ptr<Object> object_;
};

template <class Object, class Model>
class VocabularyMaker {
 public:
  template <class... Items>
  VocabularyMaker(std::string name, Items&... items) : model_(initial(name, items...)) {
    vocabulary_.name = std::move(name);
    (add(items), ...);
  }

  generate::Vocabulary made() && {
    if constexpr (std::default_initializable<Object>) {
      if (!parts_->make) parts_->make = [] { return std::make_unique<Object>(); };
    }
    vocabulary_.make_subject = [parts = parts_] {
      return std::make_unique<ObjectSubject<Object>>(*parts);
    };
    vocabulary_.specification = std::make_shared<ModelOf<Model>>(std::move(model_));
    return std::move(vocabulary_);
  }

 private:
  template <class... Items>
  static ModelOf<Model> initial(const std::string& name, Items&... items) {
    static_assert(std::default_initializable<Object> || (kIsMadeBy<Items> || ...),
                  "linearizable: the object has no default constructor; say how it is made: "
                  "made_by([] { return std::make_unique<Object>(...); })");
    static_assert((kIsOperation<Items> || ...), "linearizable: there is no operation");
    std::optional<Model> given;
    const auto take = [&]<class Item>(Item& item) {
      if constexpr (kIsStartsAs<Item>) {
        static_assert(std::convertible_to<decltype(item.model), Model>,
                      "starts_as: takes a value of the model's type");
        given.emplace(std::move(item.model));
      }
    };
    (take(items), ...);
    if constexpr (std::default_initializable<Model>) {
      if (!given) given.emplace();
    } else {
      static_assert((kIsStartsAs<Items> || ...),
                    "linearizable: the model has no default constructor; say how it begins: "
                    "starts_as(Model(...))");
    }
    return ModelOf<Model>(name, std::move(*given));
  }

  template <class Item>
  void add(Item& item) {
    if constexpr (kIsOperation<Item>) {
      add_operation(item);
    } else if constexpr (kIsMadeBy<Item>) {
      static_assert(std::is_invocable_r_v<std::unique_ptr<Object>, decltype(item.make)>,
                    "made_by: takes a function that gives a std::unique_ptr to a new object");
      parts_->make = std::move(item.make);
    } else if constexpr (std::same_as<Item, GuaranteeItem>) {
      vocabulary_.guarantee = item.guarantee;
    } else {
      static_assert(kIsStartsAs<Item> || std::same_as<Item, SettingItem>,
                    "linearizable: takes operation(...), made_by(...), starts_as(...), "
                    "lock_free() and its kin, threads(...), calls(...), around(...) and "
                    "options(...)");
    }
  }

  template <class Call, class Next, class... Gens>
  void add_operation(OperationItem<Call, Next, Gens...>& item) {
    using Checked = CheckedOperation<Object, Model, Call, Next, Gens...>;
    static_assert(Checked::kIsRight);
    if constexpr (Checked::kIsRight) {
      generate::Operation& operation = vocabulary_.operations.emplace_back();
      operation.name = item.name;
      operation.group = std::move(item.group);
      operation.where = item.where;
      operation.may_wait = Checked::kMayWait;
      operation.returns = !std::is_void_v<typename Checked::Result>;
      operation.arguments = Checked::generators(item.gens);
      parts_->runs.push_back(Checked::run(std::move(item.call)));
      model_.operation(std::move(item.name), std::move(item.next));
    }
  }

  generate::Vocabulary vocabulary_;
  ModelOf<Model> model_;
  std::shared_ptr<ObjectParts<Object>> parts_ = std::make_shared<ObjectParts<Object>>();
};

}  // namespace internal

template <class Object, class Model, class... Items>
generate::Vocabulary vocabulary_of(std::string name, Items... items) {
  return internal::VocabularyMaker<Object, Model>(std::move(name), items...).made();
}

}  // namespace weft::linearize
