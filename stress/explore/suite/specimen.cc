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

Specimen::Specimen(const Facts& facts) : facts_(facts) { registered().push_back(this); }

std::vector<const Specimen*> all_specimens() {
  std::vector<const Specimen*> specimens = registered();
  std::sort(specimens.begin(), specimens.end(), [](const Specimen* a, const Specimen* b) {
    return a->facts().name < b->facts().name;
  });
  return specimens;
}

const Specimen* find_specimen(std::string_view name) {
  for (const Specimen* specimen : registered()) {
    if (specimen->facts().name == name) return specimen;
  }
  return nullptr;
}

}  // namespace weft::suite
