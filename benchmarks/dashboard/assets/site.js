// What the pages do: filter and sort tables, choose a theme, draw charts.
//
// Invariants: (I1) texts from results enter the page as text (textContent, a chart's label), never as
//             HTML: nothing here parses any.
//             (I2) what a page shows without this program it shows with it too.
"use strict";

(() => {
  const $ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const data = (() => {
    const element = document.getElementById("data");
    return element ? JSON.parse(element.textContent) : null;
  })();

  // Filtering: by text, of which each word must be in the row, and by status.
  function filter(id) {
    const words = $(`[data-filters="${id}"]`).map((e) => e.value).join(" ").toLowerCase().split(/\s+/);
    const status = $(`[data-selects="${id}"]`).map((e) => e.value)[0] || "";
    const rows = $(`#${id} tbody tr`);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(words.every((word) => text.includes(word)) &&
                     (!status || row.dataset.status === status));
      shown += row.hidden ? 0 : 1;
    }
    const count = document.getElementById(`${id}-count`);
    if (count) count.textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
  }
  for (const input of $("[data-filters]")) {
    input.addEventListener("input", () => filter(input.dataset.filters));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      input.value = "";
      filter(input.dataset.filters);
    });
  }
  for (const select of $("[data-selects]")) {
    select.addEventListener("change", () => filter(select.dataset.selects));
  }

  // Sorting, by the head's button: numbers where the cells have values, else text.
  function sort(table, index, head) {
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const each of $("thead th", table)) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows).map((row) => {
      const cell = row.cells[index];
      const value = "value" in cell.dataset ? Number(cell.dataset.value) : NaN;
      return { row, value, text: cell.textContent };
    });
    const collator = new Intl.Collator("en", { numeric: true });
    keyed.sort((a, b) => {
      // Cells without a value stay behind, whichever way.
      if (Number.isNaN(a.value) !== Number.isNaN(b.value)) return Number.isNaN(a.value) ? 1 : -1;
      const order = Number.isNaN(a.value) ? collator.compare(a.text, b.text) : a.value - b.value;
      return ascending ? order : -order;
    });
    body.append(...keyed.map((each) => each.row));
  }
  for (const table of $("table[data-sortable]")) {
    if (table.tBodies[0].rows.length < 2) continue;
    Array.from(table.tHead.rows[0].cells).forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      if (head.title) button.title = head.title;
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => sort(table, index, head));
    });
  }

  // Charts, in the colours of the theme.
  const charts = new Map();
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (index) => style(`--s${index % 8}`);
  const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

  function draw(id, make) {
    const figure = document.getElementById(id);
    const old = charts.get(id);
    if (old) old.chart.destroy();
    charts.delete(id);
    const settings = typeof Chart === "undefined" ? null : make();
    figure.hidden = !settings;
    if (!settings) return false;
    Chart.defaults.color = style("--soft");
    Chart.defaults.borderColor = style("--line");
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    settings.options = Object.assign({
      responsive: true, maintainAspectRatio: false, animation: false,
      interaction: { mode: "nearest", intersect: false },
    }, settings.options);
    charts.set(id, { chart: new Chart(figure.querySelector("canvas"), settings), make });
    return true;
  }
  const redraw = () => { for (const [id, { make }] of Array.from(charts)) draw(id, make); };

  function line(label, points, index, more = {}) {
    return Object.assign({
      label, data: points, borderColor: colour(index), backgroundColor: colour(index),
      borderDash: dashes[Math.floor(index / 8) % 4], borderWidth: 2, pointRadius: 3, tension: 0,
    }, more);
  }
  const axis = (text, more = {}) => Object.assign({ title: { display: true, text } }, more);
  function nanoseconds(value) {
    for (const [bound, unit] of [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"]]) {
      if (value >= bound) return `${Number((value / bound).toPrecision(4))} ${unit}`;
    }
    return `${Number(value.toPrecision(4))} ns`;
  }
  const timeTicks = { ticks: { callback: (value) => nanoseconds(Number(value)) } };
  // Of a logarithmic axis only 1, 2 and 5 of each power: the others would stand in each other's way.
  function sparse(text) {
    return { ticks: { maxRotation: 0, callback(value) {
      const lead = Number((value / 10 ** Math.floor(Math.log10(value))).toPrecision(2));
      return [1, 2, 5].includes(lead) ? text(Number(value)) : "";
    } } };
  }
  const short = (run) => run.when.slice(0, 16).replace("T", " ") +
    (run.commit ? ` ${run.commit.slice(0, 8)}` : "");
  // Dates fit below each other's; the rest of a run is in the tip.
  const dates = { maxRotation: 0, autoSkipPadding: 16, callback(value) {
    return this.getLabelForValue(value).slice(0, 10);
  } };
  const clip = (text, length) => text.length > length ? `${text.slice(0, length - 1)}\u2026` : text;

  function runsChart(id, series, zero) {
    if (!document.getElementById(id) || !data || !data.runs || data.runs.length < 2) return;
    draw(id, () => ({
      type: "line",
      data: { labels: data.runs.map(short),
              datasets: series.map(([label, key], i) => line(label, data.runs.map((r) => r[key]), i)) },
      options: { scales: { x: { ticks: dates }, y: { beginAtZero: zero, ticks: { precision: 0 } } } },
    }));
  }
  runsChart("failed", [["tests failed", "failed"], ["findings", "findings"]], true);
  runsChart("executions", [["executions", "executions"]], true);

  const kRatios = 24;
  if (document.getElementById("ratios") && data.ratios.length > 0) {
    // The worst and the best, where there are too many to read.
    const all = data.ratios;
    const some = all.length <= kRatios ? all
      : [...all.slice(0, kRatios / 2), ...all.slice(-kRatios / 2)];
    const drawn = draw("ratios", () => ({
      type: "bar",
      data: { labels: some.map(([name]) => clip(name, window.innerWidth < 700 ? 20 : 60)),
              datasets: [{ label: "of the best peer's cost", data: some.map(([, ratio]) => [Math.min(1, ratio), Math.max(1, ratio)]),
                           backgroundColor: some.map(([, r]) => r <= 1.05 ? colour(2) : colour(1)) }] },
      options: {
        indexAxis: "y",
        scales: { x: axis("of the best peer's cost (logarithmic; 1 is level)",
                          Object.assign({ type: "logarithmic" }, sparse(String))),
                  y: { ticks: { autoSkip: false, font: { size: 11 } } } },
        plugins: { legend: { display: false }, tooltip: { callbacks: {
          title: (items) => some[items[0].dataIndex][0],
          label: (item) => `\u00d7${some[item.dataIndex][1]} of ${some[item.dataIndex][2]}` } } },
      },
    }));
    if (drawn) document.querySelector("#ratios .canvas").style.height = `${6 + 1.4 * some.length}rem`;
  }

  function trend(benchmark) {
    if (benchmark.trend.length < 2) return null;
    const machines = Array.from(new Set(benchmark.trend.map(([run]) => data.runs[run].machine)));
    const at = (machine, column) => data.runs.map((_, run) => {
      const point = benchmark.trend.find((p) => p[0] === run && data.runs[run].machine === machine);
      return point ? point[column] : null;
    });
    const sets = [];
    machines.forEach((machine, i) => {
      sets.push(line(machine, at(machine, 1), i, { spanGaps: true }));
      sets.push(line("", at(machine, 2), i, { pointRadius: 0, borderWidth: 1, borderDash: [2, 4], spanGaps: true }));
      sets.push(line("", at(machine, 3), i, { pointRadius: 0, borderWidth: 1, borderDash: [2, 4], spanGaps: true }));
    });
    return {
      type: "line", data: { labels: data.runs.map(short), datasets: sets },
      options: {
        scales: { x: { ticks: dates }, y: axis("time of an iteration", timeTicks) },
        plugins: {
          legend: { labels: { filter: (item) => item.text !== "" } },
          tooltip: { callbacks: { label: (i) => `${i.dataset.label || "range"}: ${nanoseconds(i.raw)}` } },
        },
      },
    };
  }

  function scaling(benchmark) {
    const curve = data.curves[benchmark.curve];
    if (!curve) return null;
    const numbers = Array.from(new Set(curve.lines.flatMap((l) => l.points.map(([n]) => n))))
      .sort((a, b) => a - b);
    const times = curve.lines.flatMap((l) => l.points.map(([, time]) => time)).filter((t) => t > 0);
    // Where the slowest would press the others together on the ground.
    const type = Math.max(...times) > 30 * Math.min(...times) ? "logarithmic" : "linear";
    return {
      type: "line",
      data: { labels: numbers, datasets: curve.lines.map((l, i) => line(l.label,
        numbers.map((n) => { const p = l.points.find(([m]) => m === n); return p ? p[1] : null; }), i,
        { spanGaps: true })) },
      options: {
        scales: { x: axis(curve.knob),
                  y: axis("time of an iteration", Object.assign(
                    { type }, type === "linear" ? timeTicks : sparse(nanoseconds))) },
        plugins: { tooltip: { callbacks: { label: (i) => `${i.dataset.label}: ${nanoseconds(i.raw)}` } } },
      },
    };
  }

  function percentiles(benchmark) {
    if (benchmark.percentiles.length === 0) return null;
    return {
      type: "bar",
      data: { labels: benchmark.percentiles.map(([name]) => name.replace(/_ns$/, "")),
              datasets: [{ label: "latency", data: benchmark.percentiles.map(([, value]) => value),
                           backgroundColor: colour(0), maxBarThickness: 60 }] },
      options: { scales: { y: axis("latency", timeTicks) }, plugins: { legend: { display: false },
        tooltip: { callbacks: { label: (i) => nanoseconds(i.raw) } } } },
    };
  }

  function show(index, follow) {
    const benchmark = data.benchmarks[index];
    if (!benchmark) return;
    for (const row of $("tr.chosen")) row.classList.remove("chosen");
    const row = document.getElementById(`b${index}`);
    if (row) row.classList.add("chosen");
    const panel = document.getElementById("panel");
    panel.hidden = false;
    document.getElementById("charts-of").textContent = benchmark.name;
    const drawn = [["trend", trend], ["scaling", scaling], ["percentiles", percentiles]]
      .map(([id, make]) => draw(id, () => make(benchmark)));
    document.getElementById("charts-none").hidden = drawn.some(Boolean);
    if (!follow) return;
    history.replaceState(null, "", `#b${index}`);
    panel.scrollIntoView({ behavior: "instant" });
    panel.focus({ preventScroll: true });
  }
  for (const button of $("[data-draw]")) {
    button.addEventListener("click", () => show(Number(button.dataset.draw), true));
  }
  const linked = /^#b(\d+)$/.exec(location.hash);
  if (linked && document.getElementById("panel")) show(Number(linked[1]), false);

  // The theme.
  const theme = document.getElementById("theme");
  theme.value = document.documentElement.dataset.theme || "system";
  theme.addEventListener("change", () => {
    if (theme.value === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme.value;
    }
    try {
      localStorage.setItem("weft-theme", theme.value);
    } catch (error) {
      // It holds for this page then.
    }
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  // Paper is light, whatever the screen was; the charts are drawn before the styles of print hold.
  let chosen;
  window.addEventListener("beforeprint", () => {
    chosen = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    redraw();
  });
  window.addEventListener("afterprint", () => {
    if (chosen) {
      document.documentElement.dataset.theme = chosen;
    } else {
      delete document.documentElement.dataset.theme;
    }
    redraw();
  });
})();
