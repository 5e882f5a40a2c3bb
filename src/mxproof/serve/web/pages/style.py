"""How the pages of the watch look beyond what every page of ours looks like."""

from typing import Final

WEB_STYLE: Final = """\
.watch > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.5rem; margin-bottom: 1.5rem;
  padding-bottom: .5rem; border-bottom: 1px solid var(--line) }
.watch > header p, .watch > header ul { margin: 0; max-width: none } .brand { font-weight: 700 } .brand a { color: inherit; text-decoration: none }
.watch > header nav a { display: inline-block; padding: .25rem 0 } a[aria-current] { color: inherit; font-weight: 600; text-decoration-thickness: 2px }
.who { margin-left: auto; display: flex; align-items: baseline; gap: .75rem; color: var(--faint); font-size: .875rem }
button, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--faint); border-radius: .375rem; padding: .375rem .75rem }
button { cursor: pointer; background: var(--sheet) } button.plain { padding: .25rem .5rem; font-size: .875rem }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.field { display: grid; gap: .25rem; max-width: 22rem } .search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: 1rem 0 }
.search .field { margin: 0; flex: 1 1 12rem } .login { max-width: 24rem; margin: 2rem auto }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: 1rem 0; list-style: none; max-width: none }
.counts li { flex: 1 1 8rem; padding: .5rem .75rem; border: 1px solid var(--line); border-left: .375rem solid; border-radius: .375rem }
.counts strong { display: block; font-size: 1.5rem; line-height: 1.2 } .counts span { color: var(--ink); font-size: .875rem }
.spark { display: block; width: 100%; min-width: 7.5rem; max-width: 12rem; height: 1.5rem } .spark path { fill: currentColor } .spark .blank { fill: var(--line) }
.strip .spark { max-width: none; height: 2.5rem } .strip { margin: .5rem 0; max-width: 52rem } .strip figcaption { color: var(--faint); font-size: .875rem }
.domains .word { display: block; font-size: .875rem } .domains { table-layout: fixed } .domains th:first-child { width: 32% }
.domains th:nth-child(2), .domains td:nth-child(2) { width: 12rem } :is(.domains, .report-list) tbody :is(th, td) { overflow-wrap: anywhere }
.events { list-style: none; padding: 0; max-width: none } .event { margin: 1rem 0; padding: .25rem 1rem .5rem; border-left: .375rem solid; }
.event h3 { margin: .25rem 0; font-size: 1rem } .event p, .event pre { color: var(--ink) } .event .faint { color: var(--faint) } .event h3 time { color: var(--ink) }
.event.reported { color: var(--doubtful) } .event.silence { color: var(--unknown) } .event.published { color: var(--link) } .event ul { color: var(--ink) }
.event .forced { font-weight: 600; overflow-wrap: anywhere }
.rhythms { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem 2rem } .rhythm { margin: 0; min-width: 0 }
.rhythm figcaption p { margin: .125rem 0; font-size: .875rem } .rhythm svg { display: block; width: 100%; height: 3rem; background: var(--sheet) }
.usual { fill: var(--link) } .gone { fill: var(--line) } .gone.silent { fill: var(--bad-sheet) } .days, .now { fill: none; stroke: var(--line); vector-effect: non-scaling-stroke } .now { stroke: var(--ink); stroke-width: 2 }
.weekdays { display: grid; grid-template-columns: repeat(7, 1fr); list-style: none; padding: 0; margin: 0; max-width: none; color: var(--faint); font-size: .75rem }
.event.alarm { color: var(--bad) } .event.note { color: var(--faint) } .event.good { color: var(--good) }
.pager { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem 1.5rem; max-width: none }
.actions { display: flex; flex-wrap: wrap; align-items: baseline; gap: .5rem 1rem; margin: .75rem 0 } td form { display: inline-block; margin-right: .75rem }
.said-back { padding: .75rem 1rem; border-left: .375rem solid; background: var(--sheet) } .said-back.bad { color: var(--bad) } .said-back.good { color: var(--good) }
@media (max-width: 40rem) { .wide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) } .who { margin-left: 0; flex-basis: 100%; justify-content: space-between } :is(.domains, .report-list), :is(.domains, .report-list) :is(tbody, tr, th, td) { display: block; width: auto }
  :is(.domains, .report-list) thead { display: none } :is(.domains, .report-list) tr { padding: .5rem 0; border-bottom: 1px solid var(--line) } :is(.domains, .report-list) :is(th, td) { border: 0; padding: .125rem 0 }
  .domains th:first-child, .domains th:nth-child(2), .domains td:nth-child(2) { width: auto } .spark { max-width: none } }
@media print { .watch > header nav, .who, .search, .pager, .actions, form { display: none } .spark, .event, .rhythm svg, .counts li { print-color-adjust: exact; -webkit-print-color-adjust: exact } .event, .rhythm { break-inside: avoid } }
"""
