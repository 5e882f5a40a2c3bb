"""How a page looks: light and dark, on a phone, on a screen and on paper; no font, picture or script from elsewhere.

Each colour of text has a contrast of 4.5 to 1 and more against what it stands on (WCAG 2.2, success criterion 1.4.3),
and whatever a colour says is said by a word or a sign, too.
"""

from typing import Final

STYLE: Final = """\
:root { color-scheme: light dark; --paper: #ffffff; --sheet: #f4f6f8; --ink: #1b2026; --faint: #58616b;
  --line: #d5dae0; --link: #0b57a4; --bad: #b3141d; --bad-sheet: #fdecec; --doubtful: #855300; --doubtful-sheet: #fff4dc;
  --unknown: #0b6478; --unknown-sheet: #e4f4f7; --good: #1a6b2d; --good-sheet: #e7f5ea }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --sheet: #1d232a; --ink: #e4e8ec; --faint: #a3adb8;
  --line: #39424c; --link: #7db8f5; --bad: #ff9a94; --bad-sheet: #3a1d1f; --doubtful: #f0c25a; --doubtful-sheet: #352a12;
  --unknown: #6cd3e6; --unknown-sheet: #12313a; --good: #7ee08a; --good-sheet: #15301b } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere }
h1, h2, h3, h4, h5 { line-height: 1.25; margin: 2rem 0 .75rem }
h1 { font-size: 1.75rem; margin-top: 0 } h2 { font-size: 1.375rem } h3 { font-size: 1.125rem } h4, h5 { font-size: 1rem }
p, ol, ul, dl { margin: .5rem 0; max-width: 52rem }
a { color: var(--link) }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.skip { position: absolute; left: -99rem } .skip:focus { position: static }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none }
code, pre, .said { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875rem }
pre { margin: .25rem 0 .75rem; padding: .75rem; background: var(--sheet); border: 1px solid var(--line);
  border-radius: .375rem; overflow-x: auto; white-space: pre-wrap }
.copy pre { user-select: all } .copy figcaption { color: var(--faint); font-size: .875rem } figure { margin: .75rem 0 }
.said { margin: .25rem 0 } .said + .said { margin-top: .5rem } .label, .faint { color: var(--faint) }
.whole { white-space: nowrap } .id { display: block; color: var(--faint); font-size: .8125rem }
.verdict { padding: .75rem 1rem; border-left: .375rem solid; border-radius: .25rem; max-width: none }
.verdict span { color: var(--ink) } .verdict strong { font-size: 1.125rem; margin-right: .5rem; white-space: nowrap }
.refused, .error { color: var(--bad) } .at_risk, .warning { color: var(--doubtful) }
.unknown, .notice { color: var(--unknown) } .delivers, .ok { color: var(--good) }
.verdict.refused { background: var(--bad-sheet) } .verdict.at_risk { background: var(--doubtful-sheet) }
.verdict.unknown { background: var(--unknown-sheet) } .verdict.delivers { background: var(--good-sheet) }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 } caption { text-align: left; color: var(--faint) }
th, td { padding: .375rem .625rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
thead th { color: var(--faint); font-size: .875rem; font-weight: 600 } tbody th { font-weight: 600 }
th, td { overflow-wrap: break-word } td p { margin: 0 } td p + p { margin-top: .25rem }
.word { white-space: nowrap; font-weight: 600 } p.word { white-space: normal } .senders .word { display: block }
.senders { table-layout: fixed } .senders th:first-child { width: 38% } .senders td { overflow-wrap: anywhere } .scroll { overflow-x: auto; position: relative } .matrix { width: auto } .matrix td { text-align: center; padding: .375rem .25rem }
.matrix thead th { vertical-align: bottom } .matrix .up { writing-mode: vertical-rl; transform: rotate(180deg);
  padding: .375rem .125rem; border: 0; white-space: nowrap } .matrix .up span { display: block; min-height: 1.5rem }
.matrix .address { font-weight: 400; white-space: nowrap } .mark { font-weight: 700 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.fine { padding-left: 1.25rem; list-style: "✔ " } .fine li::marker { color: var(--good) }
.finding { margin: 1rem 0; padding: .25rem 1rem .75rem; border: 1px solid var(--line); border-radius: .5rem }
.finding > :first-child { margin: .75rem 0 .5rem; font-size: 1rem } .finding dl, .facts { font-size: .9375rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem } dt { color: var(--faint) } dd { margin: 0 }
.track { display: block; height: .5rem; margin-top: .5rem; min-width: 6rem; background: var(--sheet); border-radius: .25rem }
.bar { display: block; height: 100%; min-width: 3px; background: var(--link); border-radius: .25rem }
.number { text-align: right; white-space: nowrap } thead .number { text-align: right }
.asked { font-size: .875rem } .asked td:last-child { width: 30% } .asked .question { font-weight: 400; overflow-wrap: anywhere }
.report { margin-top: 3rem; border-top: 3px solid var(--line) } footer { margin-top: 3rem; color: var(--faint) }
.orders { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem 2rem }
.rehearsal { margin: .5rem 0; min-width: 0 } .rehearsal figcaption { font-weight: 600; margin-bottom: .25rem }
.lanes { display: block; overflow: visible } .lanes text { fill: var(--ink); font-size: 12px } .lanes .time { fill: var(--faint) }
.lanes .step { font-weight: 700 } .lanes .name { font-size: 13px; font-weight: 600 } .lanes .sign { fill: var(--paper); font-weight: 700 }
.changes { list-style: none; padding: 0 } ol:has(> li > .changes) { padding-left: 1.5rem } .lanes .tick { stroke: var(--line) } .lanes .span { fill: currentColor } summary { cursor: pointer; color: var(--link) }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem }
  .asked td:last-child, .asked th:last-child, .asked .after { display: none } .finding { padding: .25rem .75rem .5rem }
  h1 { font-size: 1.5rem } h2 { font-size: 1.25rem } table { font-size: .875rem } }
@media print { @page { margin: 15mm } :root { --paper: #fff; --sheet: #f4f6f8; --ink: #000; --faint: #444;
  --line: #bbb; --link: #0b57a4; --bad: #b3141d; --bad-sheet: #fdecec; --doubtful: #855300; --doubtful-sheet: #fff4dc;
  --unknown: #0b6478; --unknown-sheet: #e4f4f7; --good: #1a6b2d; --good-sheet: #e7f5ea; color-scheme: light }
  body { font-size: 10pt; max-width: none; padding: 0 } nav, .skip { display: none } a { color: inherit }
  .scroll { overflow: visible } tr, .verdict, figure { break-inside: avoid } thead { break-after: avoid }
  .orders { display: block } h2, h3, h4 { break-after: avoid }
  details::details-content { content-visibility: visible } summary { color: inherit }
  .report { break-before: page; border: 0 } .bar, .track, .verdict, .lanes, pre { print-color-adjust: exact;
  -webkit-print-color-adjust: exact } }
"""
