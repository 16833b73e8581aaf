// Puts what the index finds in order: first what has the name that was typed, then what says most of the words.
"use strict"

// The boosts of the fields, and how much a typed word tells about a page by the field it stands in.
const NAME_FIELDS = { name: 6, asked: 3, claim: 1.5, summary: 1 }
const NAMES = ["name", "asked", "claim"]
const TEXT_FIELDS = { heading: 3, text: 1 }
const TELLS = { name: 1, claim: 0.9, asked: 0.85, summary: 0.7, heading: 0.6, text: 0.5 }
// What decides on the order: a name, a phrase or a claim that was typed, the words found, the scores of the index.
const NAME = 3, ABOUT = 2, ASKED = 2.4, CLAIM = 3, WORDS = 1, SCORE = 0.3, PASSAGE = 0.5
const SORTS = { entry: 1, comparison: 1, guide: 0.95, page: 0.95, claim: 0.9, sources: 0.7 }
const NOT_ITS_SIDES = 0.5, CLAIM_BESIDE_NAME = 0.3, NAMED = 0.9, EXACT = 0.97
const ALIAS = 0.98, SUBJECT = 1.6, WHOLE = 0.95, STATED = 1.3
const COMPARED = 1.15, PAIRED = 0.75, PART_COMPARED = 0.3, PART_PAIRED = 0.8

const AT_A_TIME = 40
const pause = () => new Promise(go => setTimeout(go))

/** Places of `list` raised to what `other` has there. */
const raised = (list, other) => list.map((value, at) => Math.max(value, other[at] ?? 0))

class Search {
  /** Takes the names of everything; the texts come later. */
  constructor({ docs, synonyms }) {
    this.docs = docs.map(doc => ({ names: [], asked: [], ...doc }))
    this.places = new Map(this.docs.map(doc => [doc.at, doc]))
    for (const doc of this.docs.filter(doc => doc.sides)) {
      doc.sides = doc.sides.map(at => this.places.get(at))
      doc.title = doc.sides.map(side => side.title).join(" vs. ")
    }
    this.meanings = new Meanings(this.docs, synonyms)
    this.names = new Index(NAME_FIELDS, this.meanings)
    for (const doc of this.docs) if (!doc.sides || doc.written) this.names.add(doc, fields(doc))
    this.comparisons = this.docs.filter(doc => doc.sides)
  }

  /** Takes the sections of the texts, a few at a time, so that it can be asked meanwhile. */
  async addTexts(sections) {
    const texts = new Index(TEXT_FIELDS, this.meanings)
    for (const [count, [page, at, heading, text]] of sections.entries()) {
      if (count % AT_A_TIME === 0) await pause()
      const words = { heading: Words.split(heading), text: Words.split(text) }
      texts.add({ page: this.page(page), at, heading, text }, words)
    }
    this.names.texts = this.texts = texts
  }

  /** The page that something is a part of. */
  page(at) {
    return this.places.get(at.split("#")[0])
  }

  /** The comparison of the two entries that were named to be told apart, and the words that name them. */
  compared(query) {
    const named = query.compares ? query.named(this.meanings.entries) : []
    const sides = [...new Set(named.map(({ of }) => of))]
    if (sides.length === 1 && query.endsComparing) return { side: sides[0] }
    if (sides.length !== 2) return {}
    const page = this.comparisons.find(doc => sides.every(side => doc.sides.includes(side)))
    const shares = query.list.map((_, place) => Number(named.some(({ at, end }) => at <= place && place < end)))
    return { doc: page ?? (query.tellsApart ? chosen(sides) : undefined), shares }
  }

  /** What a query finds, best first, with the words found and the query as it may have been meant. */
  find(text) {
    const query = new Query(text, this.names), hits = new Hits(query, query.about(this.meanings.entries))
    hits.addNames(this.names)
    hits.addComparisons(this.comparisons, this.compared(query))
    if (this.texts) hits.addTexts(this.texts, new Query(text, this.texts, query))
    return { hits: hits.ranked(), query }
  }
}

/** What a query found so far. */
class Hits {
  constructor(query, about) {
    Object.assign(this, { query, about, found: new Map() })
  }

  /** What was found of a document, at first nothing. */
  of(doc) {
    const nothing = { doc, shares: [], score: 0, name: 0, passages: [], words: new Set() }
    if (!this.found.has(doc)) this.found.set(doc, nothing)
    return this.found.get(doc)
  }

  /** Adds to what was found of a document the words of a query in it, and how much of the query they make up. */
  note(doc, shares, words, query) {
    const hit = this.of(doc)
    hit.shares = raised(shares, hit.shares)
    for (const word of words.keys()) if (query.tells(word)) hit.words.add(word)
    return hit
  }

  addNames(index) {
    const answers = index.find(this.query.words)
    for (const { doc, score, words } of answers) {
      const hit = this.note(doc, told(words, this.query), words, this.query)
      hit.score = score / answers[0].score
      if ([...words.values()].flat().some(field => NAMES.includes(field))) hit.name = named(doc, this.query)
    }
  }

  /** Adds the comparisons of what was found, if both sides were named, or one by all that was typed, and the asked. */
  addComparisons(comparisons, asked) {
    for (const doc of new Set([...comparisons, ...asked.doc ? [asked.doc] : []])) {
      const sides = doc.sides.filter(side => this.found.has(side)).map(side => this.of(side))
      const name = NAME * this.compares(doc, asked)
      if (!name && !sides.some(side => side.name > NAMED * NAME)) continue
      const hit = this.of(doc)
      hit.name = name
      for (const side of sides) {
        hit.shares = raised(side.shares, hit.shares)
        hit.score = Math.max(hit.score, side.score)
        side.words.forEach(word => hit.words.add(word))
      }
    }
  }

  /** How well what was typed names both sides of a comparison; if it names two in full, it is about no other. */
  compares(doc, asked) {
    if (asked.side) return doc.sides.includes(asked.side) ? (doc.written ? 1 : ALIAS) : 0
    const full = asked.doc === doc ? COMPARED * this.query.covered(asked.shares) ** 2 : 0
    const found = doc.sides.every(side => this.found.has(side))
    return found && (full || !asked.doc) ? Math.max(full, bothNamed(doc.sides, this.query)) : 0
  }

  /** Adds what another index found for the same query; a word says no more than it does in either. */
  addTexts(index, query) {
    this.query.weights = this.query.weights.map((weight, at) => Math.min(weight, query.weights[at]))
    const answers = index.find(query.words)
    for (const { doc: section, score, words } of answers) {
      const shares = told(words, query), hit = this.note(section.page, shares, words, query)
      hit.passages.push({ section, score: query.covered(shares) * score / answers[0].score })
    }
  }

  ranked() {
    const hits = [...this.found.values()]
    const known = hits.some(({ doc, name }) => doc.sort === "entry" && name > NAMED * NAME)
    for (const hit of hits) {
      hit.passages.sort((a, b) => b.score - a.score)
      hit.total = this.total(hit, known)
    }
    return hits.sort((a, b) => b.total - a.total)
  }

  /** A hit's place in the order; `known` says that an entry has the name that was typed. */
  total({ doc, shares, score, name: typed, passages }, known) {
    const covered = this.query.covered(shares)
    const name = doc === this.about ? Math.max(typed, ABOUT * covered) : typed
    const words = WORDS * covered ** 1.5 + SCORE * score * covered + PASSAGE * (passages[0]?.score ?? 0)
    const beside = doc.sort === "claim" && known ? CLAIM_BESIDE_NAME : 1
    const alone = doc.sides && !name ? NOT_ITS_SIDES : 1
    return (name > EXACT * NAME ? 1 : SORTS[doc.sort]) * (beside * name + alone * words)
  }
}

/** How much words tell of each one that was typed, by the fields in which they stand. */
function told(words, query) {
  return query.shares(words.keys(), word => Math.max(...words.get(word).map(field => TELLS[field])))
}

/** The chooser's comparison of two entries, for those that have no page of their own. */
function chosen(sides) {
  const slug = ({ at }) => at.match(/[^/#]+(?=\/?$)/)[0]
  const title = sides.map(side => side.title).join(" vs. ")
  const at = `compare/?ids=${sides.map(slug)}`
  return { at, sort: "comparison", sides, title, names: [], asked: [], summary: "", labels: [["Comparison", ""]] }
}

/** What of a document is indexed, each word of its names once. */
function fields({ sort, title, names, asked, summary }) {
  const distinct = texts => [...new Set(texts.flatMap(text => parsed(text).list))]
  const said = Words.split(summary)
  if (sort === "comparison") return { summary: said }
  return { [sort === "claim" ? "claim" : "name"]: distinct([title, ...names]), asked: distinct(asked), summary: said }
}

/** How well what was typed is a name of a document, a phrase for it, or what it claims. */
function named(doc, query) {
  const own = doc.sort === "claim" ? CLAIM * claimed(doc.title, query) : NAME * best([doc.title, ...doc.names], query)
  const phrases = doc.asked.map(phrase => NAME * query.phrase(parsed(phrase).list))
  return Math.max(own, ASKED * best(doc.asked, query), ...phrases)
}

/** How well what was typed is the best of some names, the first of which counts most. */
function best(names, query) {
  return Math.max(0, ...names.map((name, nth) => {
    const { covered, whole, shares } = match(name, query)
    const fit = Math.max(covered ** (whole < WHOLE ? 2 : 1.5) * whole, query.begins(parsed(name).typed))
    return fit * (nth ? ALIAS : 1) * (shares[query.subject] ? SUBJECT : 1)
  }))
}

/** How well a claim says all that was typed; a single word claims nothing. */
function claimed(claim, query) {
  const { covered, whole, shares } = match(claim, query)
  const sure = (query.states ? STATED : 1) * (shares[query.subject] ? SUBJECT : 1)
  return query.telling > 1 ? sure * covered ** 4 * (0.6 + 0.4 * whole) : 0
}

/** How well what was typed names both sides of a comparison, each with words of its own. */
function bothNamed(sides, query) {
  const enough = query.compares ? PART_COMPARED : PART_PAIRED
  const known = sides.map(({ title, names }) => [title, ...names].map(name => match(name, query)))
  const [first, second] = known.map(matches => matches.filter(({ whole }) => whole > enough))
  const more = (a, b) => a.shares.some((share, at) => share > b.shares[at])
  const both = (a, b) => query.covered(raised(a.shares, b.shares)) ** 2 * Math.sqrt(a.whole * b.whole)
  const pairs = first.flatMap(a => second.filter(b => more(a, b) && more(b, a)).map(b => both(a, b)))
  return (query.compares ? COMPARED : PAIRED) * Math.max(0, ...pairs)
}

/** How a name goes with a query: how much of the query it covers, and how much of it was typed. */
function match(name, query) {
  if (!query.matches.has(name)) query.matches.set(name, matched(parsed(name), query))
  return query.matches.get(name)
}

function matched({ list, weights }, query) {
  if (!list.some(word => query.meaning.has(word))) return { shares: [], covered: 0, whole: 0 }
  const given = list.map(word => Math.max(0, ...(query.meaning.get(word) ?? []).map(run => run.sure)))
  const whole = sum(given.map((share, at) => share * weights[at])) / sum(weights) || 0
  const shares = query.shares(list)
  return { shares, covered: query.covered(shares), whole }
}
