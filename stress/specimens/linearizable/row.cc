#include "stress/specimens/linearizable/row.h"

#include <algorithm>

namespace weft::linearizable {
namespace {

// A local, because rows are added before main() begins.
std::vector<Row>& added() {
  static std::vector<Row> rows;
  return rows;
}

}  // namespace

AddedRows::AddedRows(std::span<const Row> rows) {
  added().insert(added().end(), rows.begin(), rows.end());
}

std::vector<Row> rows() {
  std::vector<Row> rows = added();
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
  return rows;
}

}  // namespace weft::linearizable
