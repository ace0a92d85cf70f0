#include "stress/explore/suite/specimen.h"

#include <algorithm>

namespace weft::suite {
namespace {

// Sources register in no particular order, so this cannot be a plain variable.
std::vector<const Specimen*>& registered() {
  static auto* specimens = new std::vector<const Specimen*>;
  return *specimens;
}

}  // namespace

Specimen::Specimen(const Facts& facts, Body body, std::source_location place)
    : facts_(facts), body_(body), place_(place) {
  registered().push_back(this);
}

std::vector<const Specimen*> all_specimens() {
  std::vector<const Specimen*> specimens = registered();
  std::sort(specimens.begin(), specimens.end(),
            [](const Specimen* a, const Specimen* b) { return a->facts().name < b->facts().name; });
  return specimens;
}

}  // namespace weft::suite
