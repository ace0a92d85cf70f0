// What a proxy's call brings is a copy: to change it changes nothing of the manager's.
#include <string>
#include <vector>

#include "primitives/manager/manager.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/manager/manager.h"

namespace weft::scenarios::specimens::manager {
namespace {

using Row = std::vector<int>;
using Rows = ipc::ManagedDict<std::string, Row>;

void change_what_was_got(const Rows& rows) {
  Row row = rows.at("row");
  row.push_back(2);
}
void change_what_is_held(const Rows& rows) {
  rows.update_item("row", [](Row& row) { row.push_back(2); });
}

template <void (*kChange)(const Rows&)>
std::string change() {
  ipc::Manager manager;
  manager.start();
  const auto rows = manager.dict<std::string, Row>({{"row", {1}}});
  ipc::Process process([&] { kChange(rows); });
  process.start();
  process.join();
  return unless_equal("length of the row", rows.at("row").size(), std::size_t{2});
}

}  // namespace

constinit const Specimen kNestedListChangedInACopy{
    .row = "002-3",
    .name = "manager/nested_list_changed_in_a_copy",
    .mistake = "a list inside a manager's dict is got, and the copy is changed",
    .kind = kind::kAssertion,
    .body = change<change_what_was_got>,
    .mended = change<change_what_is_held>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::manager
