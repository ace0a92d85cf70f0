// node checks.js CONFIGURATION: the dashboard in a real browser. Prints a line of JSON for each check:
// {"name", "ok", "message", "seconds"}; the test that starts it judges them.
//
// CONFIGURATION is a file of JSON: modules (where playwright-core and axe-core are), chromium, site
// and hostile and plain (addresses of sites), file (of the first site's index.html), pictures (a folder).
"use strict";

const fs = require("fs");
const path = require("path");

const settings = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { chromium } = require(path.join(settings.modules, "playwright-core"));
const axe = fs.readFileSync(path.join(settings.modules, "axe-core", "axe.min.js"), "utf8");

const kPages = ["index.html", "tests.html", "performance.html", "bugs.html"];
const kWidths = [1400, 400];

function assert(condition, message) {
  if (!condition) throw new Error(message);
}
function equal(got, wanted, what) {
  assert(JSON.stringify(got) === JSON.stringify(wanted),
         `${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
}

const checks = [];
const check = (name, body) => checks.push({ name, body });

// Calls body(page) with a page of its own, and fails if the page complained or asked elsewhere.
async function withPage(browser, options, body) {
  const context = await browser.newContext(options);
  const complaints = [];
  const allowed = [settings.site, settings.hostile, settings.plain, settings.file]
    .map((address) => address.slice(0, address.lastIndexOf("/") + 1));
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => { complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  });
  context.on("request", (request) => {
    if (!allowed.some((start) => request.url().startsWith(start))) {
      complaints.push(`asks for ${request.url()}`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} of ${response.url()}`);
  });
  try {
    const page = await context.newPage();
    const result = await body(page);
    // The checks read the charts' pixels back, which Chromium advises against.
    equal(complaints.filter((text) => !text.includes("willReadFrequently")), [], "complaints");
    return result;
  } finally {
    await context.close();
  }
}

const visibleRows = (page, id) => page.locator(`#${id} tbody tr:visible`).count();

for (const [kind, base] of [["a server", settings.site], ["a file", settings.file]]) {
  check(`every page loads from ${kind} without a complaint`, (browser) =>
    withPage(browser, {}, async (page) => {
      for (const file of kPages) {
        await page.goto(new URL(file, base).href);
        assert(await page.locator("h1").isVisible(), `${file} shows no heading`);
        assert(await page.evaluate(() => typeof Chart === "function" || !document.getElementById("data")),
               `${file}: no charts`);
      }
    }));
}

check("a finding's page shows its frame, which cannot reach the site", (browser) =>
  withPage(browser, {}, async (page) => {
    await page.goto(new URL("findings/0.html", settings.site).href);
    const frame = page.frames().find((each) => each.url().endsWith("page-0.html"));
    assert(frame, "there is no frame");
    assert((await frame.locator("body").textContent()).includes("the page"), "the frame is empty");
    const reached = await frame.evaluate(() => {
      try { return window.parent.document.title; } catch (error) { return "refused"; }
    });
    equal(reached, "refused", "the frame reads its parent");
  }));

check("a filter shows the rows with all of its words, and Escape shows all again", (browser) =>
  withPage(browser, {}, async (page) => {
    await page.goto(new URL("tests.html", settings.plain).href);
    const all = await visibleRows(page, "check-table");
    const input = page.locator('[data-filters="check-table"]');
    await input.fill("PLAIN0007 b_test");
    equal(await visibleRows(page, "check-table"), 1, "rows");
    equal(await page.locator("#check-table-count").textContent(), `1 of ${all} rows`, "the count");
    await input.press("Escape");
    equal(await visibleRows(page, "check-table"), all, "rows after Escape");
    await page.locator('[data-selects="check-table"]').selectOption("violated");
    const violated = await visibleRows(page, "check-table");
    assert(violated > 0 && violated < all, `${violated} of ${all} are violated`);
  }));

check("a head sorts its column both ways, numbers by their value", (browser) =>
  withPage(browser, {}, async (page) => {
    await page.goto(new URL("performance.html", settings.plain).href);
    const head = page.locator("#figure-table thead th").nth(1);
    const values = () => page.locator("#figure-table tbody tr").evaluateAll(
      (rows) => rows.map((row) => Number(row.cells[1].dataset.value)));
    for (const [way, sign] of [["ascending", 1], ["descending", -1]]) {
      await head.locator("button").click();
      equal(await head.getAttribute("aria-sort"), way, "aria-sort");
      const got = await values();
      equal(got, [...got].sort((a, b) => sign * (a - b)), way);
      assert(new Set(got).size > 50, "the values are all alike");
    }
  }));

check("the theme follows the system until one is chosen, and the choice lasts", (browser) =>
  withPage(browser, { colorScheme: "dark" }, async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto(settings.site);
    const dark = await paper();
    await page.emulateMedia({ colorScheme: "light" });
    const light = await paper();
    assert(dark !== light, "the system's theme has no effect");
    await page.locator("#theme").selectOption("dark");
    equal(await paper(), dark, "the chosen theme");
    await page.reload();
    equal([await paper(), await page.locator("#theme").inputValue()], [dark, "dark"], "after a reload");
    await page.locator("#theme").selectOption("system");
    equal(await paper(), light, "the system's theme again");
  }));

const inked = (canvas) => canvas.evaluate((element) => {
  const pixels = element.getContext("2d").getImageData(0, 0, element.width, element.height).data;
  const colours = new Set();
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] > 128) colours.add(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
  }
  return Array.from(colours);
});

check("charts are drawn, and anew in the colours of another theme", (browser) =>
  withPage(browser, { colorScheme: "light" }, async (page) => {
    await page.goto(new URL("performance.html", settings.site).href);
    const canvas = page.locator("#ratios canvas");
    const light = await inked(canvas);
    assert(light.length > 5, "the chart is empty");
    assert(light.includes("21,128,61"), "a bar has not the colour of the theme");
    await page.locator("#theme").selectOption("dark");
    const dark = await inked(canvas);
    assert(dark.includes("110,231,160") && !dark.includes("21,128,61"), "the colours did not change");
  }));

check("the keyboard alone opens the charts of a benchmark, and the address leads back to them", (browser) =>
  withPage(browser, {}, async (page) => {
    await page.goto(new URL("performance.html", settings.site).href);
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content", "first");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 200; ++i) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => "draw" in document.activeElement.dataset)) break;
    }
    await page.keyboard.press("Enter");
    equal(await page.evaluate(() => document.activeElement.id), "panel", "the focus");
    assert(await page.locator("#charts-of").textContent() !== "", "no benchmark is named");
    for (const id of ["trend", "scaling", "percentiles"]) {
      assert((await inked(page.locator(`#${id} canvas`))).length > 3, `${id} is empty`);
    }
    const name = await page.locator("#charts-of").textContent();
    await page.reload();
    equal(await page.locator("#charts-of").textContent(), name, "after a reload");
  }));

check("every link leads somewhere", (browser) =>
  withPage(browser, {}, async (page) => {
    const seen = new Set();
    const open = [settings.site];
    while (open.length > 0) {
      const address = open.pop();
      const response = await page.goto(address);
      assert(response === null || response.ok(), `${address}: ${response && response.status()}`);
      const fragment = new URL(address).hash.slice(1);
      assert(!fragment || await page.locator(`[id="${fragment}"]`).count() === 1, `${address}: no such part`);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map((a) => a.href));
      for (const link of links.filter((each) => !seen.has(each))) {
        seen.add(link);
        open.push(link);
      }
    }
    assert(seen.size >= 8, `only ${seen.size} links`);
  }));

check("axe finds nothing serious, in both themes and widths", async (browser) => {
  for (const width of kWidths) {
    for (const colorScheme of ["light", "dark"]) {
      await withPage(browser, { viewport: { width, height: 900 }, colorScheme }, async (page) => {
        for (const file of [...kPages, "findings/0.html"]) {
          await page.goto(new URL(file, settings.site).href);
          if (file === "performance.html") await page.locator("[data-draw]").first().click();
          await page.evaluate(axe);
          const found = await page.evaluate(async () => (await axe.run()).violations.map((each) => ({
            id: each.id, impact: each.impact, where: each.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)) })));
          equal(found.filter((each) => ["serious", "critical"].includes(each.impact)), [],
                `${file}, ${width}, ${colorScheme}`);
        }
      });
    }
  }
});

check("no page is wider than the window, at 1400 and at 400 pixels", async (browser) => {
  for (const width of kWidths) {
    for (const base of [settings.site, settings.hostile]) {
      await withPage(browser, { viewport: { width, height: 900 } }, async (page) => {
        for (const file of [...kPages, "findings/0.html"]) {
          await page.goto(new URL(file, base).href);
          if (file === "performance.html") await page.locator("[data-draw]").first().click();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert(wide <= width, `${base}${file} is ${wide} wide of ${width}`);
          if (base === settings.site) {
            await page.screenshot({ path: path.join(settings.pictures,
                                                    `${file.replace(/\W+/g, "_")}_${width}.png`) });
          }
        }
      });
    }
  }
});

check("hostile names are inert: the same elements as with plain ones, and nothing ran", async (browser) => {
  const elements = async (page, base, file) => {
    await page.goto(new URL(file, base).href);
    equal(await page.evaluate(() => [typeof window.hit, location.pathname.endsWith("html")]),
          ["undefined", true], `${file}: something ran`);
    return page.evaluate(() => {
      const counts = {};
      for (const element of document.querySelectorAll("*")) {
        const key = element.tagName + " " + Array.from(element.attributes, (a) => a.name).sort().join(" ");
        counts[key] = (counts[key] || 0) + 1;
      }
      return Object.entries(counts).sort();
    });
  };
  await withPage(browser, {}, async (page) => {
    const files = ["index.html", "tests.html", "bugs.html"];
    for (let i = 0; i < settings.findings; ++i) files.push(`findings/${i}.html`);
    for (const file of files) {
      equal(await elements(page, settings.hostile, file), await elements(page, settings.plain, file), file);
    }
    await elements(page, settings.hostile, "performance.html");
    // The charts take names too.
    const buttons = page.locator("[data-draw]");
    const count = await buttons.count();
    assert(count >= 200, `${count} benchmarks`);
    for (let i = 0; i < count; i += 7) {
      await buttons.nth(i).evaluate((button) => button.click());
    }
    equal(await page.evaluate(() => typeof window.hit), "undefined", "a chart ran something");
    equal(await page.locator("script:not([src]):not([type='application/json'])").count(), 0, "scripts");
  });
});

check("names are shown as they are", (browser) => withPage(browser, {}, async (page) => {
  await page.goto(new URL("tests.html", settings.hostile).href);
  const shown = await page.locator("#check-table tbody th").allTextContents();
  for (const name of ["<script>window.hit=1</script>", "&lt;script&gt;", "\\u003cscript\\u003e", "a\\"]) {
    assert(shown.includes(`Box.${name}`), `${name} is not shown`);
  }
}));

check("without the program all can be read, and nothing is offered that would not work", (browser) =>
  withPage(browser, { javaScriptEnabled: false }, async (page) => {
    for (const file of kPages) {
      await page.goto(new URL(file, settings.plain).href);
      assert(await page.locator("table tbody tr").first().isVisible(), `${file}: no table`);
      equal(await page.locator("button:visible, input:visible, select:visible, canvas:visible").count(), 0, file);
    }
  }));

check("charts are printed in the colours of paper, and come back in those of the screen", (browser) =>
  withPage(browser, { colorScheme: "dark" }, async (page) => {
    await page.goto(new URL("performance.html", settings.site).href);
    const canvas = page.locator("#ratios canvas");
    assert((await inked(canvas)).includes("110,231,160"), "the chart is not dark before");
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    assert((await inked(canvas)).includes("21,128,61"), "the chart is not light in print");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert((await inked(canvas)).includes("110,231,160"), "the chart is not dark again");
    equal(await page.evaluate(() => "theme" in document.documentElement.dataset), false, "a theme");
  }));

check("print has the tables on white, and no controls", (browser) =>
  withPage(browser, { colorScheme: "dark" }, async (page) => {
    for (const file of kPages) {
      await page.goto(new URL(file, settings.site).href);
      await page.emulateMedia({ media: "print" });
      equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
            "rgb(255, 255, 255)", file);
      equal(await page.locator("nav:visible, input:visible, select:visible, button:visible").count(), 0, file);
      await page.emulateMedia({ media: null });
      const pdf = await page.pdf({ format: "A4" });
      assert(pdf.length > 5000, `${file}: the PDF has ${pdf.length} bytes`);
    }
  }));

(async () => {
  const browser = await chromium.launch({
    executablePath: settings.chromium,
    // Root cannot have Chromium's own sandbox; only our own pages are loaded.
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    for (const { name, body } of checks) {
      const result = { name, ok: true, message: "", seconds: 0 };
      const began = Date.now();
      try {
        await body(browser);
      } catch (error) {
        result.ok = false;
        result.message = String(error && error.stack || error).slice(0, 3000);
      }
      result.seconds = (Date.now() - began) / 1000;
      console.log(JSON.stringify(result));
    }
  } finally {
    await browser.close();
  }
})();
