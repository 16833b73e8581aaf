// The search: what has an address by its names, and the sections of the texts.

import { Hits } from "./hits.js"
import { Index } from "./index.js"
import { Meanings, parseName } from "./meanings.js"
import { Query } from "./query.js"
import { splitWords } from "./words.js"

// The boosts of the fields.
const NAME_FIELDS = { name: 6, asked: 3, claim: 1.5, summary: 1 }
const TEXT_FIELDS = { heading: 3, text: 1 }
const AT_A_TIME = 40

const pause = () => new Promise(resolve => setTimeout(resolve))

/** Return what of a document is indexed, each word of its names once. */
function readFields({ sort, title, names, asked, summary }) {
  const collect = texts => [...new Set(texts.flatMap(text => parseName(text).words))]
  const said = splitWords(summary)
  if (sort === "comparison") return { summary: said }
  return { [sort === "claim" ? "claim" : "name"]: collect([title, ...names]), asked: collect(asked), summary: said }
}

const nameComparison = sides => sides.map(side => side.title).join(" vs. ")

/** Return the chooser's comparison of two entries, for those that have no page of their own. */
function makeComparison(sides) {
  const slugs = sides.map(({ at }) => at.match(/[^/#]+(?=\/?$)/)[0])
  const at = `compare/?ids=${slugs}`
  const title = nameComparison(sides)
  return { at, sort: "comparison", sides, title, names: [], asked: [], summary: "", labels: [["Comparison", ""]] }
}

export class Search {
  /** Take the names of everything; the texts come later. */
  constructor({ docs, synonyms }) {
    this.docs = docs.map(doc => ({ names: [], asked: [], ...doc }))
    this.places = new Map(this.docs.map(doc => [doc.at, doc]))
    this.comparisons = this.docs.filter(doc => doc.sides)
    for (const doc of this.comparisons) {
      doc.sides = doc.sides.map(at => this.places.get(at))
      doc.title = nameComparison(doc.sides)
    }
    this.meanings = new Meanings(this.docs, synonyms)
    this.names = new Index(NAME_FIELDS, this.meanings)
    for (const doc of this.docs) if (!doc.sides || doc.written) this.names.add(doc, readFields(doc))
  }

  /** Take the sections of the texts, a few at a time, so that it can be asked meanwhile. */
  async addTexts(sections) {
    const texts = new Index(TEXT_FIELDS, this.meanings)
    for (const [count, [page, at, heading, text]] of sections.entries()) {
      if (count % AT_A_TIME === 0) await pause()
      const words = { heading: splitWords(heading), text: splitWords(text) }
      texts.add({ page: this.findPage(page), at, heading, text }, words)
    }
    this.texts = texts
    this.names.texts = texts
  }

  /** Return the page that something is a part of. */
  findPage(at) {
    return this.places.get(at.split("#")[0])
  }

  /** Return the comparison of the two entries that were named to be told apart, and the words that name them. */
  findComparison(query) {
    const named = query.compares ? query.findNamed(this.meanings.entries) : []
    const sides = [...new Set(named.map(({ of }) => of))]
    if (sides.length === 1 && query.endsComparing) return { side: sides[0] }
    if (sides.length !== 2) return {}
    const page = this.comparisons.find(doc => sides.every(side => doc.sides.includes(side)))
    const shares = query.list.map((_, place) => Number(named.some(({ at, end }) => at <= place && place < end)))
    return { doc: page ?? (query.tellsApart ? makeComparison(sides) : undefined), shares }
  }

  /** Return what a query finds, best first, and the query in the words found. */
  find(text) {
    const query = new Query(text, this.names)
    const hits = new Hits(query, query.findSubject(this.meanings.entries))
    hits.addNames(this.names)
    hits.addComparisons(this.comparisons, this.findComparison(query))
    if (this.texts) hits.addTexts(this.texts, new Query(text, this.texts, query))
    return { hits: hits.rank(), query }
  }
}
