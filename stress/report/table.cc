#include "stress/report/table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "stress/report/accesses.h"
#include "stress/report/rows.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

constexpr std::string_view kIndent = "  ";

// Code points, which is what a terminal shows of most texts.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t has = width_of(text);
  if (has < width) text.append(width - has, ' ');
  return text;
}

// Control characters of names would break the table.
std::string printable(std::string_view text) {
  std::string kept;
  for (char c : text) kept += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return kept;
}

// Bytes of the first `count` code points.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && seen++ == count) break;
  }
  return end;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  return text.substr(0, bytes_of(text, width - 3)) + "...";
}

// Lines of at most `width`, broken at spaces where there are any; later lines are indented.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string indent;
  while (width_of(text) + indent.size() > width) {
    const std::size_t room = width - indent.size();
    const std::size_t cut = bytes_of(text, room);
    const std::size_t space = text.substr(0, cut + 1).rfind(' ');
    const bool at_space = space != text.npos && space > room / 3;
    lines.push_back(indent + std::string(text.substr(0, at_space ? space : cut)));
    text.remove_prefix(at_space ? space + 1 : cut);
    indent = "  ";
  }
  lines.push_back(indent + std::string(text));
  return lines;
}

struct Column {
  unsigned thread = 0;
  std::string title;
  std::size_t width = 0;
};

std::string mark_text(const std::string& mark) { return "  (" + mark + ")"; }

constexpr std::string_view kSwitch = "-- preempted --";

std::vector<Column> columns_of(const Finding& finding, const std::vector<Row>& rows) {
  std::map<unsigned, std::size_t> widths;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    std::size_t& width = widths[row.thread];
    width = std::max(width, width_of(row.text));
    for (const std::string& mark : row.marks) width = std::max(width, width_of(mark_text(mark)));
    if (i > 0 && row.preempted) {
      std::size_t& before = widths[rows[i - 1].thread];
      before = std::max(before, kSwitch.size());
    }
  }
  std::vector<Column> columns;
  for (const auto& [thread, width] : widths) {
    const std::string title = printable(finding.threads[thread].name);
    columns.push_back({thread, title, std::max(width, width_of(title))});
  }
  return columns;
}

constexpr std::size_t kLeastWidth = 20;

// Makes the widest narrower until all fit. False if they then say too little.
bool fit(std::vector<Column>& columns, std::size_t room) {
  const auto total = [&] {
    std::size_t sum = 0;
    for (const Column& column : columns) sum += column.width + 3;
    return sum;
  };
  while (total() > room) {
    Column& widest =
        *std::max_element(columns.begin(), columns.end(),
                          [](const auto& a, const auto& b) { return a.width < b.width; });
    if (widest.width <= kLeastWidth) return false;
    --widest.width;
  }
  return true;
}

// The table's lines, before they are indented.
class Lines {
 public:
  void put(std::string line) {
    while (line.ends_with(' ')) line.pop_back();
    text_ += (line.empty() ? "" : std::string(kIndent)) + line + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::vector<std::string> cell_lines(const Row& row, std::size_t width) {
  std::vector<std::string> lines = wrapped(printable(row.text), width);
  for (const std::string& mark : row.marks) {
    for (std::string& line : wrapped(printable(mark_text(mark)), width)) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string number_text(const Row& row, const Finding& finding, std::size_t width) {
  if (row.step >= finding.steps.size()) return "";
  const std::string number = std::to_string(row.step);
  return std::string(width - std::min(width, number.size()), ' ') + number;
}

struct Shape {
  std::size_t number_width = 0;
  std::size_t where_width = 0;
  std::size_t source_width = 0;  // 0: none is shown
};

// The place of a row, and the source there.
std::string place_text(const Row& row, const Shape& shape) {
  if (shape.source_width == 0 || row.source.empty()) return row.where;
  return padded(row.where, shape.where_width) + " | " +
         shortened(printable(row.source), shape.source_width);
}

std::string place_head(const Shape& shape) {
  if (shape.source_width == 0) return "where";
  return padded("where", shape.where_width) + " | source";
}

std::string place_rule(const Shape& shape) {
  const std::string rule(shape.where_width, '-');
  return shape.source_width == 0 ? rule : rule + "-+-" + std::string(shape.source_width, '-');
}

std::string gap_text(const Middle& left_out) {
  return "... " + std::to_string(left_out.size()) +
         " rows are left out; finding.json has all steps";
}

void put_columns(Lines& lines, const Finding& finding, const std::vector<Row>& rows,
                 const std::vector<Column>& columns, const Shape& shape, const Middle& middle) {
  const auto line_of = [&](const std::string& number, unsigned thread, const std::string& cell,
                           const std::string& where) {
    std::string line = padded(number, shape.number_width);
    for (const Column& column : columns) {
      line += " | " + padded(column.thread == thread ? cell : "", column.width);
    }
    return line + " | " + where;
  };
  std::string head = padded("", shape.number_width);
  std::string rule = std::string(shape.number_width, '-');
  for (const Column& column : columns) {
    head += " | " + padded(wrapped(column.title, column.width).front(), column.width);
    rule += "-+-" + std::string(column.width, '-');
  }
  lines.put(head + " | " + place_head(shape));
  lines.put(rule + "-+-" + place_rule(shape));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (i == middle.begin && middle.size() > 0) {
      lines.put(gap_text(middle));
    } else if (i > 0 && row.preempted) {
      lines.put(line_of("", rows[i - 1].thread, std::string(kSwitch), ""));
    }
    const auto width = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
                         return column.thread == row.thread;
                       })->width;
    const std::vector<std::string> cells = cell_lines(row, width);
    lines.put(line_of(number_text(row, finding, shape.number_width), row.thread, cells[0],
                      place_text(row, shape)));
    for (std::size_t n = 1; n < cells.size(); ++n) lines.put(line_of("", row.thread, cells[n], ""));
  }
}

// So wide that the place is worth its room; of source as much as is there, up to some width.
Shape shape_of(const std::vector<Row>& rows) {
  constexpr std::size_t kWantedSource = 20;
  Shape shape;
  shape.number_width = std::to_string(rows.back().step).size();
  shape.where_width = 5;
  for (const Row& row : rows) {
    shape.where_width = std::max(shape.where_width, width_of(row.where));
    shape.source_width = std::max(shape.source_width, width_of(row.source));
  }
  shape.source_width = std::min(shape.source_width, kWantedSource);
  return shape;
}

// False if there are more columns than there is room for. Source yields to them, and takes what
// they leave.
bool put_fitting_columns(Lines& lines, const Finding& finding, const std::vector<Row>& rows,
                         Shape shape, std::size_t width, const Middle& middle) {
  std::vector<Column> columns = columns_of(finding, rows);
  const std::size_t used = shape.number_width + 3 + shape.where_width;
  if (used >= width) return false;
  if (shape.source_width == 0 || !fit(columns, width - used - shape.source_width - 3)) {
    shape.source_width = 0;
    columns = columns_of(finding, rows);
    if (!fit(columns, width - used)) return false;
  }
  if (shape.source_width != 0) {
    std::size_t free = width - used - 3;
    for (const Column& column : columns) free -= column.width + 3;
    std::size_t longest = 0;
    for (const Row& row : rows) longest = std::max(longest, width_of(row.source));
    shape.source_width = std::min(free, longest);
  }
  put_columns(lines, finding, rows, columns, shape, middle);
  return true;
}

// For more threads than there is room for: the thread's name stands before its step.
void put_list(Lines& lines, const Finding& finding, const std::vector<Row>& rows,
              const std::vector<Column>& columns, Shape shape, std::size_t width,
              const Middle& middle) {
  std::map<unsigned, std::string> titles;
  std::size_t longest = 6;
  for (const Column& column : columns) {
    titles[column.thread] = shortened(column.title, 30);
    longest = std::max(longest, std::min<std::size_t>(width_of(column.title), 30));
  }
  const std::size_t used = shape.number_width + shape.where_width + longest + 9;
  const std::size_t room = std::max(2 * kLeastWidth, width > used ? width - used : 0);
  shape.source_width = 0;  // the steps take all the room
  const auto line_of = [&](const std::string& number, const std::string& name,
                           const std::string& cell, const std::string& where) {
    return padded(number, shape.number_width) + " | " + padded(name, longest) + " | " +
           padded(cell, room) + " | " + where;
  };
  lines.put(line_of("", "thread", "step", place_head(shape)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (i == middle.begin && middle.size() > 0) {
      lines.put(gap_text(middle));
    } else if (i > 0 && row.preempted) {
      lines.put(line_of("", titles[rows[i - 1].thread], std::string(kSwitch), ""));
    }
    const std::string& name = titles[row.thread];
    const std::vector<std::string> cells = cell_lines(row, room);
    lines.put(line_of(number_text(row, finding, shape.number_width), name, cells[0],
                      place_text(row, shape)));
    for (std::size_t n = 1; n < cells.size(); ++n) lines.put(line_of("", name, cells[n], ""));
  }
}

// What the objects are that the table calls by a kind and a number.
void put_objects(Lines& lines, const Finding& finding, const std::vector<Row>& rows) {
  for (const Object& object : finding.objects) {
    if (object.naming != Naming::kNumber || object.memory.empty()) continue;
    const auto names_it = [&](const Row& row) {
      const std::size_t at = row.text.find(object.name);
      const std::size_t end = at + object.name.size();
      return at != row.text.npos &&
             (end == row.text.size() || row.text[end] < '0' || row.text[end] > '9');
    };
    const auto first = std::find_if(rows.begin(), rows.end(), names_it);
    if (first == rows.end()) continue;
    const std::string memory = object.memory == "global"    ? "in global memory"
                               : object.memory == "outside" ? "in memory from before the body began"
                                                            : "on the " + object.memory;
    lines.put(object.name + " is " + memory +
              (first->where.empty() ? "" : "; first used at " + first->where));
  }
}

// File names of the table, where they stand.
void put_files(Lines& lines, const Finding& finding) {
  std::set<std::string> files;
  for (const Step& step : finding.steps) {
    if (const Frame* frame = tested_frame(step, finding)) files.insert(frame->file);
  }
  for (const std::string& file : files) {
    const std::size_t slash = file.rfind('/');
    if (slash != file.npos) lines.put(file.substr(slash + 1) + " is " + file);
  }
}

// Of a stack the frames to show: the tested code's, and the calls of primitives there, without what
// lies inside of those.
std::vector<unsigned> shown_frames(const std::vector<unsigned>& stack, const Finding& finding) {
  std::vector<unsigned> shown;
  for (unsigned index : stack) {
    const Role role = finding.frames[index].role;
    if (role == Role::kLibrary || role == Role::kHarness) continue;
    const bool goes_inside = role == Role::kPrimitive && !shown.empty() &&
                             finding.frames[shown.back()].role == Role::kPrimitive;
    if (goes_inside) shown.pop_back();
    shown.push_back(index);
  }
  return shown;
}

void put_stack(Lines& lines, const std::vector<unsigned>& stack, const Finding& finding) {
  std::size_t number = 0;
  for (unsigned index : shown_frames(stack, finding)) {
    const Frame& frame = finding.frames[index];
    lines.put("  #" + std::to_string(number++) + " " + printable(frame.function) +
              (frame.file.empty() ? "" : " at " + frame.file + ":" + std::to_string(frame.line)));
  }
}

void put_places(Lines& lines, const std::vector<Place>& places, const Finding& finding) {
  for (const Place& place : places) {
    lines.put((place.thread ? printable(finding.threads[*place.thread].name) + ": " : "") +
              printable(place.label) +
              (place.step ? " (step " + std::to_string(*place.step) + ")" : ""));
    put_stack(lines, place.stack, finding);
  }
}

void put_ends(Lines& lines, const Finding& finding) {
  for (unsigned id : body_last(finding)) {
    const Thread& thread = finding.threads[id];
    if (thread.state == ThreadState::kEnded) continue;
    lines.put(printable(thread.name) + (thread.state == ThreadState::kWaits
                                            ? " waits for " + printable(thread.waits_for)
                                            : " could go on"));
    put_stack(lines, thread.stack, finding);
  }
}

}  // namespace

std::string table_of(const Finding& finding, const TableOptions& options) {
  Lines lines;
  put_places(lines, access_places(finding), finding);
  std::vector<Row> rows = rows_of(finding);
  const Middle middle = middle_of(rows.size(), options.rows);
  rows.erase(rows.begin() + static_cast<long>(middle.begin),
             rows.begin() + static_cast<long>(middle.end));
  if (!rows.empty()) {
    const Shape shape = shape_of(rows);
    const std::size_t width = options.width - kIndent.size();
    if (!put_fitting_columns(lines, finding, rows, shape, width, middle)) {
      put_list(lines, finding, rows, columns_of(finding, rows), shape, width, middle);
    }
    lines.put("");
    put_objects(lines, finding, rows);
    put_files(lines, finding);
  }
  put_places(lines, finding.places, finding);
  put_ends(lines, finding);
  return lines.text();
}

}  // namespace weft::report
