#include "benchmarks/tour/html.h"

#include <cstdio>

#include "stress/report/utf8.h"

namespace weft::tour {
namespace {

// The policy refuses whatever a page could load, should something slip through.
constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Weft: the tour</title>
<style>
:root {
  --ink: #1d2430; --soft: #5b6675; --paper: #ffffff; --panel: #f4f6f9; --line: #d9dfe7;
  --good: #17693c; --good-paper: #e3f4ea; --bad: #a3201d; --bad-paper: #fbe6e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0; --soft: #9aa6b6; --paper: #14181f; --panel: #1c222b; --line: #323b48;
    --good: #7fd6a2; --good-paper: #17321f; --bad: #ff9c97; --bad-paper: #411d1c;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 80rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.2rem; }
p { margin: .25rem 0 1rem; max-width: 50rem; color: var(--soft); }
nav { margin: 1rem 0; } nav a { margin-right: 1.25rem; color: inherit; }
.verdict { display: inline-block; margin: 1rem 0 .5rem; padding: .4rem .9rem; border-radius: .4rem;
  font-weight: 600; }
.good { color: var(--good); background: var(--good-paper); }
.bad { color: var(--bad); background: var(--bad-paper); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .93em; }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
th { background: var(--panel); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.short { white-space: nowrap; }
td.long { min-width: 18rem; }
td.mark { width: 1%; white-space: nowrap; font-weight: 600; }
td.mark.good, td.mark.bad { background: none; }
tr.bad td { background: var(--bad-paper); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
pre { margin: .4rem 0; padding: .7rem; background: var(--panel); border-radius: .3rem;
  color: var(--ink); font: 12px/1.45 ui-monospace, "Liberation Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; }
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --panel: #eee; --line: #999; --good: #000;
    --good-paper: #fff; --bad: #000; --bad-paper: #ddd; }
  body { max-width: none; padding: 0; font-size: 10px; }
  nav, pre { display: none; } summary { list-style: none; }
  .scroll { overflow: visible; }
  td.long { min-width: 0; }
  td.short { white-space: normal; overflow-wrap: anywhere; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
}
</style>
</head>
<body>
)";

bool is_number(const Column& column) { return column.unit != Unit::kText; }

std::string element(const char* name, const char* css_class, const std::string& inside) {
  std::string text = std::string("<") + name;
  if (*css_class != '\0') text += std::string(" class=\"") + css_class + "\"";
  return text + ">" + inside + "</" + name + ">";
}

const char* cell_class(const Column& column) {
  if (is_number(column)) return "number";
  return column.width == 0 ? "long" : "short";
}

std::string html_row(const Part& part, const Row& row) {
  std::string text = row.as_expected ? "<tr>" : "<tr class=\"bad\">";
  text += row.as_expected ? element("td", "mark good", "ok") : element("td", "mark bad", "NOT");
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    const Column& column = part.columns[i];
    std::string inside = html_text(shown(row.cells[i], column.unit));
    if (i + 1 == part.columns.size() && !row.details.empty()) {
      inside = "<details>" + element("summary", "", inside) +
               element("pre", "", html_text(row.details)) + "</details>";
    }
    text += element("td", cell_class(column), inside);
  }
  return text + "</tr>\n";
}

std::string html_table(const Part& part) {
  std::string text = "<div class=\"scroll\"><table>\n<thead><tr><th></th>";
  for (const Column& column : part.columns) {
    text += element("th", is_number(column) ? "number" : "", html_text(column.title));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const Row& row : part.rows) text += html_row(part, row);
  return text + "</tbody></table></div>\n";
}

std::string html_part(const Part& part) {
  return "<section id=\"" + html_text(part.key) + "\">\n" +
         element("h2", "", html_text(part.title)) + "\n" + element("p", "", html_text(part.about)) +
         "\n" + html_table(part) + "</section>\n";
}

std::string verdict(const Result& result) {
  std::size_t total = 0;
  std::size_t unexpected = 0;
  for (const Part& part : result.parts) {
    total += part.rows.size();
    unexpected += part.unexpected();
  }
  if (result.as_expected()) {
    return element("div", "verdict good", "All " + std::to_string(total) + " as expected");
  }
  return element("div", "verdict bad",
                 std::to_string(unexpected) + " of " + std::to_string(total) + " not as expected");
}

std::string html_machine(const Result& result) {
  std::string text = "<section id=\"machine\">\n<h2>The machine</h2>\n";
  for (const std::string& warning : result.facts.warnings) {
    text += element("p", "", "Do not trust the figures: " + html_text(warning) + ".") + "\n";
  }
  text += "<dl>\n";
  for (const auto& [key, value] : result.facts.all) {
    text += element("dt", "", html_text(key)) + element("dd", "", html_text(value)) + "\n";
  }
  if (result.interference >= 0) {
    text += element("dt", "", "taken by others meanwhile") +
            element("dd", "", shown(Cell(result.interference), Unit::kShare)) + "\n";
  }
  return text + "</dl>\n</section>\n";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char c : report::valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (c == '\'') {
      escaped += "&#39;";
    } else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) {
      escaped += "\xEF\xBF\xBD";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string to_html(const Result& result) {
  std::string page = kHead;
  page += "<header>\n<h1>Weft: the tour</h1>\n" + verdict(result) + "\n" +
          element("p", "",
                  html_text(result.date + ", " + shown(Cell(result.seconds), Unit::kSeconds))) +
          "\n<nav>";
  for (const Part& part : result.parts) {
    page += "<a href=\"#" + html_text(part.key) + "\">" + html_text(part.title) + "</a> ";
  }
  page += "<a href=\"#machine\">The machine</a></nav>\n</header>\n<main>\n";
  page += html_table(summary(result));
  for (const Part& part : result.parts) page += html_part(part);
  page += html_machine(result);
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace weft::tour
