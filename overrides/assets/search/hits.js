// What a query found, put in order: first what has the name that was typed, then what says most of the words.

import { NAME, raiseShares, rateComparison, rateNames } from "./names.js"

// How much a typed word tells about a page by the field in which it stands.
const TELLS = { name: 1, claim: 0.9, asked: 0.85, summary: 0.7, heading: 0.6, text: 0.5 }
const NAMES = ["name", "asked", "claim"]
// What decides on the order beside a name: being what the query is about, the words found, the scores of the index.
const ABOUT = 2
const WORDS = 1
const SCORE = 0.3
const PASSAGE = 0.5
const SORTS = { entry: 1, comparison: 1, guide: 0.95, page: 0.95, claim: 0.9, sources: 0.7 }
const NOT_ITS_SIDES = 0.5
const CLAIM_BESIDE_NAME = 0.3
// From which part of a name on it was typed, and from which on exactly.
const NAMED = 0.9
const EXACT = 0.97

/** Return how much words tell of each one that was typed, by the fields in which they stand. */
const shareFields = (words, query) =>
  query.share(words.keys(), word => Math.max(...words.get(word).map(field => TELLS[field])))

/** What a query found so far. */
export class Hits {
  constructor(query, about) {
    Object.assign(this, { query, about, found: new Map() })
  }

  /** Return what was found of a document, at first nothing. */
  get(doc) {
    const nothing = { doc, shares: [], score: 0, name: 0, passages: [], words: new Set() }
    if (!this.found.has(doc)) this.found.set(doc, nothing)
    return this.found.get(doc)
  }

  /** Add to what was found of a document the words of a query in it, and how much of the query they make up. */
  note(doc, shares, words, query) {
    const hit = this.get(doc)
    hit.shares = raiseShares(shares, hit.shares)
    for (const word of words.keys()) if (query.tells(word)) hit.words.add(word)
    return hit
  }

  addNames(index) {
    const answers = index.find(this.query.words)
    for (const { doc, score, words } of answers) {
      const hit = this.note(doc, shareFields(words, this.query), words, this.query)
      hit.score = score / answers[0].score
      if ([...words.values()].flat().some(field => NAMES.includes(field))) hit.name = rateNames(doc, this.query)
    }
  }

  /** Add the comparisons of what was found, if both sides were named, or one by all that was typed, and the asked. */
  addComparisons(comparisons, asked) {
    for (const doc of new Set([...comparisons, ...(asked.doc ? [asked.doc] : [])])) {
      const sides = doc.sides.filter(side => this.found.has(side)).map(side => this.get(side))
      const name = NAME * rateComparison(doc, this.query, asked, sides.length === doc.sides.length)
      if (!name && !sides.some(side => side.name > NAMED * NAME)) continue
      const hit = this.get(doc)
      hit.name = name
      for (const side of sides) {
        hit.shares = raiseShares(side.shares, hit.shares)
        hit.score = Math.max(hit.score, side.score)
        for (const word of side.words) hit.words.add(word)
      }
    }
  }

  /** Add what another index found for the same query; a word says no more than it does in either. */
  addTexts(index, query) {
    this.query.weights = this.query.weights.map((weight, at) => Math.min(weight, query.weights[at]))
    const answers = index.find(query.words)
    for (const { doc: section, score, words } of answers) {
      const shares = shareFields(words, query)
      const hit = this.note(section.page, shares, words, query)
      hit.passages.push({ section, score: (query.cover(shares) * score) / answers[0].score })
    }
  }

  /** Return what was found, best first. */
  rank() {
    const hits = [...this.found.values()]
    const isKnown = hits.some(({ doc, name }) => doc.sort === "entry" && name > NAMED * NAME)
    for (const hit of hits) {
      hit.passages.sort((a, b) => b.score - a.score)
      hit.total = this.addUp(hit, isKnown)
    }
    return hits.sort((a, b) => b.total - a.total)
  }

  /** Return a hit's place in the order; `isKnown` says that an entry has the name that was typed. */
  addUp({ doc, shares, score, name: typed, passages }, isKnown) {
    const covered = this.query.cover(shares)
    const name = doc === this.about ? Math.max(typed, ABOUT * covered) : typed
    const words = WORDS * covered ** 1.5 + SCORE * score * covered + PASSAGE * (passages[0]?.score ?? 0)
    const beside = doc.sort === "claim" && isKnown ? CLAIM_BESIDE_NAME : 1
    const alone = doc.sides && !name ? NOT_ITS_SIDES : 1
    return (name > EXACT * NAME ? 1 : SORTS[doc.sort]) * (beside * name + alone * words)
  }
}
