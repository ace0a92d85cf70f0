// A specimen's name where GoogleTest wants a word for it.
//
// Thread safety: pure functions.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {

inline std::string test_name(const testing::TestParamInfo<const Specimen*>& info) {
  std::string name(info.param->facts().name);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace weft::suite
