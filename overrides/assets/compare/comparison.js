// The comparison of what is chosen, made of the cells of its matrices.

import { findAll, makeElement } from "../site/dom.js"
import { joinWords } from "../site/text.js"
import { areAlike, findStated } from "../tables/values.js"
import { explainKinds } from "./kinds.js"
import { Importer, loadPage } from "./source.js"

const makeNone = text => makeElement("span", { class: "value none" }, text)

/** Return the group of an attribute by its cells: "differ", "same", stated by "one" side only, or "unstated". */
export function groupCells(cells) {
  const stated = cells.filter(findStated)
  if (!stated.length) return "unstated"
  if (stated.length < 2) return "one"
  if (!areAlike(stated)) return "differ"
  return stated.length < cells.length ? "one" : "same"
}

class Comparison {
  constructor(chosen, entries, root) {
    Object.assign(this, { chosen, entries, root })
    this.importer = new Importer()
    this.names = joinWords(chosen.map(({ title }) => title))
  }

  /** Load the page that has the matrix of each entry. */
  async load() {
    this.sources = await Promise.all(
      this.chosen.map(async entry => {
        const url = new URL(this.entries.getKind(entry).url, this.root).href
        return { entry, url, page: await loadPage(url) }
      }),
    )
  }

  linkNode(slug) {
    const { title, url } = this.entries.getNode(slug)
    return url ? makeElement("a", { href: new URL(url, this.root).href }, title) : title
  }

  makeLinksCell(slugs = []) {
    const links = slugs.flatMap((slug, index) => (index ? [", ", this.linkNode(slug)] : [this.linkNode(slug)]))
    return makeElement("td", {}, ...(links.length ? links : [makeNone("not stated")]))
  }

  makeSummaryCell(source) {
    const title = source.page.getElementById(source.entry.slug).querySelector("th a")
    const href = title.getAttribute("href")
    const link = findAll("dl.terms dt a", source.page).find(link => link.getAttribute("href") === href)
    const summary = this.importer.copy(link.closest("dt").nextElementSibling, source)
    return makeElement("td", {}, ...summary.childNodes)
  }

  makeCell(source, key) {
    const id = `${source.entry.slug}.${key}`
    const cell = source.page.getElementById(id)
    if (!cell) return makeElement("td", {}, makeNone("not applicable"))
    const copied = this.importer.copy(cell, source)
    copied.tabIndex = -1
    copied.dataset.home = `${source.url}#${id}`
    return copied
  }

  /** Return the rows of the attributes that any of the matrices has, by their groups. */
  makeGroups() {
    const groups = { differ: [], one: [], same: [], unstated: [] }
    for (const key of this.entries.index.attributes) {
      const heads = this.sources.map(({ page }) => page.querySelector(`table.matrix th[data-key="${key}"]`))
      const head = heads.find(Boolean)
      if (!head) continue
      const cells = this.sources.map(source => this.makeCell(source, key))
      const group = groupCells(cells)
      groups[group].push({ label: head.textContent.trim(), cells, isOneSided: group === "one" })
    }
    return groups
  }

  /** Return the rows that every comparison begins with. */
  makeFixedRows() {
    return [
      { label: "In one line", cells: this.sources.map(source => this.makeSummaryCell(source)) },
      { label: "A kind of", cells: this.chosen.map(entry => this.makeLinksCell(entry.is_a)) },
      { label: "Built on", cells: this.chosen.map(entry => this.makeLinksCell(entry.built_on)) },
    ]
  }

  makeTable(caption, rows) {
    const heads = this.chosen.map(({ slug, kind }) =>
      makeElement("th", { scope: "col", "data-key": slug, class: `kind-${kind}` }, this.linkNode(slug)),
    )
    const first = makeElement("th", { scope: "col", "data-key": "title" }, "Attribute")
    const head = makeElement("thead", {}, makeElement("tr", {}, first, ...heads))
    const body = rows.map(({ label, cells, isOneSided }) =>
      makeElement("tr", { class: isOneSided && "one-sided" }, makeElement("th", { scope: "row" }, label), ...cells),
    )
    const content = [makeElement("caption", {}, caption), head, makeElement("tbody", {}, ...body)]
    const region = { class: "scroller", role: "region", "aria-label": caption, tabindex: 0 }
    return makeElement("div", region, makeElement("table", { class: "pair" }, ...content))
  }

  makeFolded(rows) {
    const summary = makeElement("summary", {}, `The same in all (${rows.length})`)
    return makeElement("details", { class: "same" }, summary, this.makeTable(`What is the same in ${this.names}`, rows))
  }

  /** Return the list of what is cited so far; what it cites itself comes from the same page. */
  makeReferences() {
    const items = [...this.importer.references].map(([id, { source }]) => {
      const reference = this.importer.copy(source.page.getElementById(id), source)
      return makeElement("li", { id }, ...reference.childNodes)
    })
    const list = makeElement("ol", { class: "references" }, ...items)
    return items.length ? [makeElement("h2", {}, "References"), list] : []
  }

  makeParts() {
    const explained = explainKinds(this.chosen, this.entries)
    // In this order, in which what they cite is numbered. The minifier moves `const { … } =` before other constants.
    const fixed = this.makeFixedRows()
    const groups = this.makeGroups()
    const unstated = joinWords(groups.unstated.map(({ label }) => label))
    return [
      ...(explained ? [makeElement("p", { class: "unlike" }, explained)] : []),
      this.makeTable(`What differs between ${this.names}`, [...fixed, ...groups.differ, ...groups.one]),
      ...(groups.same.length ? [this.makeFolded(groups.same)] : []),
      ...(unstated ? [makeElement("p", { class: "legend" }, `Not stated for any of them: ${unstated}.`)] : []),
      ...this.makeReferences(),
    ]
  }
}

/** Return the parts of the comparison of some entries; reject if a page of theirs cannot be loaded. */
export async function makeComparison(chosen, entries, root) {
  const comparison = new Comparison(chosen, entries, root)
  await comparison.load()
  return comparison.makeParts()
}
