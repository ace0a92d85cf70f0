#include "stress/report/page_parts.h"

namespace weft::report {

const std::string_view kPageStyle = R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1d2126; --dim: #5c6670; --rule: #dfe3e8; --soft: #f5f6f8;
  --accent: #b42318; --accent-soft: #fdecea; --wait: #9a5b00; --wait-soft: #fff3dc;
  --good: #14683b; --good-soft: #e4f5ea;
  --t0: #5c6670; --t1: #1f6feb; --t2: #b3430b; --t3: #147a4b; --t4: #8b3fd1; --t5: #a1660a;
  --t6: #0b7285; --t7: #b0256b;
  --l0: #e8a33d; --l1: #4c9be8; --l2: #5fb878; --l3: #c77dde; --l4: #e07a6a; --l5: #49b6b1;
  --l6: #a3a33b; --l7: #8a8fd9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #e6e9ed; --dim: #9aa4af; --rule: #2d333b; --soft: #1c2126;
    --accent: #ff8a7d; --accent-soft: #3a1c1a; --wait: #f0b95a; --wait-soft: #352811;
    --good: #6fd198; --good-soft: #14301f;
    --t0: #9aa4af; --t1: #79b0ff; --t2: #ff9b66; --t3: #63cf97; --t4: #c99aff; --t5: #e3b454;
    --t6: #5cc8da; --t7: #ff8abf;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 110rem; background: var(--paper);
  color: var(--ink); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
code, pre, .file, .op { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
  monospace; font-size: .87em; }
h1 { margin: .1rem 0 .3rem; font-size: 1.35rem; line-height: 1.3; white-space: pre-wrap;
  overflow-wrap: anywhere; max-width: 60rem; }
h2 { margin: 0 0 .5rem; font-size: 1.05rem; }
h3 { margin: 0 0 .3rem; font-size: .95rem; font-weight: 600; overflow-wrap: anywhere; }
section { margin-top: 1.8rem; }
a { color: inherit; }
button { font: inherit; font-size: .85rem; padding: .15rem .7rem; color: var(--ink);
  background: var(--paper); border: 1px solid var(--rule); border-radius: .4rem; cursor: pointer; }
button:hover { background: var(--soft); }
:focus-visible { outline: 2px solid var(--t1); outline-offset: 1px; }
.kind { display: inline-block; margin: 0; padding: .1rem .6rem; border-radius: 1rem;
  background: var(--accent-soft); color: var(--accent); font-weight: 600; }
.where { margin: 0; color: var(--dim); overflow-wrap: anywhere; }
.caveat { padding: .5rem .8rem; background: var(--wait-soft); border-left: 4px solid var(--wait);
  white-space: pre-wrap; max-width: 60rem; }
.replay { position: relative; margin-top: 1rem; max-width: 75rem; }
.replay h2 { display: inline-block; margin-right: .8rem; }
.replay pre { margin: 0; padding: .6rem .8rem; background: var(--soft); border-radius: .4rem;
  border: 1px solid var(--rule); white-space: pre-wrap; overflow-wrap: anywhere; }
.thread { font-weight: 600; color: var(--c); overflow-wrap: anywhere; }
.t0 { --c: var(--t0); } .t1 { --c: var(--t1); } .t2 { --c: var(--t2); } .t3 { --c: var(--t3); }
.t4 { --c: var(--t4); } .t5 { --c: var(--t5); } .t6 { --c: var(--t6); } .t7 { --c: var(--t7); }
.l0 { --k: var(--l0); } .l1 { --k: var(--l1); } .l2 { --k: var(--l2); } .l3 { --k: var(--l3); }
.l4 { --k: var(--l4); } .l5 { --k: var(--l5); } .l6 { --k: var(--l6); } .l7 { --k: var(--l7); }
.file { color: var(--dim); overflow-wrap: anywhere; }
.line { display: block; white-space: pre-wrap; overflow-wrap: anywhere; }
.scroll { overflow: auto; max-height: 92vh; border: 1px solid var(--rule); border-radius: .5rem; }
.tools { float: right; margin: -2rem 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .5rem; color: var(--dim);
  font-size: .85rem; }
.key { display: inline-block; width: .5rem; height: .9rem; margin-right: .4rem;
  vertical-align: -.12rem; border-radius: 2px; background: var(--k); }
.key.runs { width: 2px; margin: 0 .6rem 0 .2rem; background: var(--dim); }
.key.waits { width: 2px; margin: 0 .6rem 0 .2rem;
  background: repeating-linear-gradient(var(--dim) 0 3px, transparent 3px 6px); }
.key.preempted { width: 1.2rem; height: 3px; vertical-align: .2rem; background: var(--accent); }

table.time { border-collapse: separate; border-spacing: 0; width: 100%; }
.time th { text-align: left; font-weight: 600; }
.time thead th { position: sticky; top: 0; z-index: 3; padding: .4rem .6rem; background: var(--soft);
  border-bottom: 1px solid var(--rule); vertical-align: bottom; }
.time .n { width: 3.2rem; padding: .25rem .5rem; text-align: right; color: var(--dim);
  font-weight: 400; font-size: .8rem; vertical-align: top; font-variant-numeric: tabular-nums; }
.time td { position: relative; padding: .2rem .6rem; vertical-align: top; }
.time td.lane { min-width: 9.5rem; padding-left: calc(1.2rem + var(--slots) * 9px); }
.time th.lane { padding-left: .5rem; }
.time td.place { width: 26rem; min-width: 12rem; border-left: 1px solid var(--rule);
  font-size: .95em; }
.time tbody tr:hover { background: var(--soft); }
.time tr.bad td.own > details > summary .op { color: var(--accent); font-weight: 600; }
.time tr.outcome td { padding: .3rem .6rem; color: var(--accent); font-weight: 600;
  border-top: 2px solid var(--accent); }
.time tr.gap td { padding: .6rem; text-align: center; color: var(--dim); font-style: italic; }
/* The life of a thread: a line, with dashes while it waits; it turns in the middle of a row. */
.lane::before, .lane::after { content: ""; position: absolute; left: 8px; width: 2px; }
.lane::before { top: 0; height: .9rem; }
.lane::after { top: .9rem; bottom: 0; }
.was-runs::before, .runs::after { background: var(--c); }
.was-waits::before, .waits::after {
  background: repeating-linear-gradient(var(--c) 0 3px, transparent 3px 7px); }
.own > details { position: relative; }
.own > details::before { content: ""; position: absolute; z-index: 1; top: .38rem;
  left: calc(-1.2rem - var(--slots) * 9px + 4px); width: 10px; height: 10px; border-radius: 50%;
  background: var(--c); border: 2px solid var(--paper); }
.bad .own > details::before { background: var(--accent); }
/* A lock in its hands. */
.bar { position: absolute; left: calc(16px + var(--slot) * 9px); width: 6px; background: var(--k); }
.bar.before.after { top: 0; bottom: 0; }
.bar.before:not(.after) { top: 0; height: .95rem; border-radius: 0 0 3px 3px; }
.bar.after:not(.before) { top: .55rem; bottom: 0; border-radius: 3px 3px 0 0; }
.bar:not(.before):not(.after) { display: none; }
/* The turn goes from one lane to another. */
[class*="turn-"] { --turn: var(--rule); --thick: 1px; }
.preempts [class*="turn-"] { --turn: var(--accent); --thick: 2px; }
[class*="turn-"] { background-image: linear-gradient(var(--turn), var(--turn));
  background-repeat: no-repeat; background-size: 100% var(--thick); }
.turn-in-left { background-size: 9px var(--thick); }
.turn-out-left { background-size: 9px var(--thick); }
.turn-in-right, .turn-out-right { background-size: calc(100% - 9px) var(--thick);
  background-position: right top; }
.time td[class*="turn-in"] > details::after { content: ""; position: absolute; top: -.2rem;
  left: calc(-1.2rem - var(--slots) * 9px + 5px); border: 4px solid transparent;
  border-top: 6px solid var(--dim); }
.time .preempts td[class*="turn-in"] > details::after { border-top-color: var(--accent); }

summary { cursor: pointer; overflow-wrap: anywhere; list-style: none; }
summary::-webkit-details-marker { display: none; }
.own > details > summary { padding-right: 1rem; }
.own > details > summary::after { content: "\25B8"; position: absolute; right: 0; top: 0;
  color: var(--dim); font-size: .8em; }
.own > details[open] > summary::after { content: "\25BE"; }
.inner > summary { color: var(--dim); font-size: .85rem; }
.inner > summary::before { content: "\25B8  "; }
.inner[open] > summary::before { content: "\25BE  "; }
.inner > summary:hover { color: var(--ink); }
.chip { display: inline-block; padding: 0 .45rem; border-radius: .7rem; font-size: .8rem;
  background: var(--soft); color: var(--dim); border: 1px solid var(--rule); }
.chip.waits { background: var(--wait-soft); color: var(--wait); border-color: transparent; }
.chip.pre, .chip.bad { background: var(--accent-soft); color: var(--accent);
  border-color: transparent; }
.chip.woken { background: var(--good-soft); color: var(--good); border-color: transparent; }
.more { margin: .3rem 0 .5rem; padding: .4rem .6rem; background: var(--paper);
  border: 1px solid var(--rule); border-radius: .4rem; font-size: .9rem; position: relative;
  z-index: 2; width: max(100%, min(27rem, 80vw)); }
td.lane:nth-last-child(2) .more { width: 100%; }
.more > * { margin: .2rem 0; }
.holds { color: var(--dim); }
.stack { margin: .2rem 0; padding-left: 1.8rem; }
.stack li { margin: .15rem 0; overflow-wrap: anywhere; }
.stack li::marker, .steps li::marker { color: var(--dim); font-size: .8em; }
.stack .tested > code:first-child { font-weight: 600; }
.stack .library, .stack .harness { color: var(--dim); }
.stack .line { color: var(--dim); padding-left: .8rem; }
.steps { max-height: 20rem; overflow: auto; padding-left: 3.2rem; border-top: 1px solid var(--rule);
  padding-top: .3rem; }
.steps li { overflow-wrap: anywhere; }
.time tr:target, .steps li:target { background: var(--good-soft); }
.cards { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
.card { padding: .6rem .8rem; border: 1px solid var(--rule); border-left: 4px solid var(--c, var(--dim));
  border-radius: .4rem; min-width: 0; }
.cycle { padding: .5rem .8rem; background: var(--accent-soft); border-radius: .4rem; }
.arrow { color: var(--accent); }
table.facts { border-collapse: collapse; }
.facts th, .facts td { padding: .25rem .8rem; text-align: left; border-bottom: 1px solid var(--rule);
  overflow-wrap: anywhere; }
.calls td { vertical-align: top; }
.calls td.call { border-left: 3px solid var(--rule); }
.calls td.left { border-left-style: dotted; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }

/* Narrow: a list. The lanes become colours at its edge. */
@media (max-width: 720px) {
  body { padding: .8rem; }
  .tools { float: none; margin: 0 0 .5rem; }
  #steps .scroll { max-height: none; overflow: visible; border: 0; }
  .time, .time tbody, .time tr, .time td { display: block; width: auto; }
  .time thead, .time td.lane:not(.own), .bar { display: none; }
  .time tr { position: relative; padding: .25rem 0 .35rem; border-bottom: 1px solid var(--rule); }
  .time th.n { position: absolute; right: 0; top: .2rem; width: auto; padding: 0; display: block; }
  .time tr.preempts { border-top: 2px solid var(--accent); }
  .time td.lane.own { padding: 0 2.5rem 0 .7rem; border-left: 4px solid var(--c);
    background-image: none; }
  .time td.lane.own::before { content: attr(data-thread); position: static; display: block;
    width: auto; height: auto; background: none; color: var(--c); font-weight: 600;
    font-size: .85rem; }
  .time td.lane.own::after, .time .own > details::before, .time .own > details::after {
    display: none; }
  .time td.place { width: auto; min-width: 0; padding: 0 0 0 .7rem; border: 0;
    border-left: 4px solid var(--c); }
  .time td.lane .more { width: auto; }
  .cards { grid-template-columns: 1fr; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .4rem; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 11px; }
  button, .tools { display: none; }
  .scroll, .steps { max-height: none; overflow: visible; }
  .time thead th { position: static; }
  tr, .card { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

const std::string_view kPageScript = R"js(
(function () {
  'use strict';
  var all = function () { return document.querySelectorAll('#steps details'); };
  var set = function (open) { all().forEach(function (one) { one.open = open; }); };
  var button = function (id, act) {
    var it = document.getElementById(id);
    if (!it) return;
    it.hidden = false;
    it.addEventListener('click', function () { act(it); });
  };
  button('open', function () { set(true); });
  button('close', function () { set(false); });
  button('copy', function (it) {
    var line = document.getElementById('replay');
    var done = function () {
      it.textContent = 'Copied';
      setTimeout(function () { it.textContent = 'Copy'; }, 1500);
    };
    var select = function () {
      getSelection().selectAllChildren(line);
      if (document.execCommand('copy')) done();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(line.textContent).then(done, select);
    else select();
  });
  // A link to a step opens the row that has it.
  var reveal = function () {
    var step = /^#s\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!step) return;
    (step.closest('details') || step.querySelector('details')).open = true;
    step.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', reveal);
  reveal();
  // j and k, as the arrows in an editor: to the next row, to the one before.
  addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var by = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
    if (!by) return;
    var rows = Array.from(document.querySelectorAll('#steps summary'));
    var at = rows.indexOf(document.activeElement) + by;
    if (at < 0) at = 0;
    if (rows[at]) rows[at].focus();
  });
  var opened = [];
  addEventListener('beforeprint', function () {
    opened = Array.from(all()).filter(function (one) { return !one.open; });
    opened.forEach(function (one) { one.open = true; });
  });
  addEventListener('afterprint', function () {
    opened.forEach(function (one) { one.open = false; });
  });
})();
)js";

}  // namespace weft::report
