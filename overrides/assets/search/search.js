// Puts what lunr finds in order: first what has the name that was typed, then what says most of the words.
"use strict"

// lunr's boosts of the fields, and how much a typed word tells about a page by the field it stands in.
const NAME_FIELDS = { name: 6, asked: 3, claim: 1.5, summary: 1 }
const NAMES = ["name", "asked", "claim"]
const TEXT_FIELDS = { heading: 3, text: 1 }
const TELLS = { name: 1, claim: 0.9, asked: 0.85, summary: 0.7, heading: 0.6, text: 0.5 }
// What decides on the order: a name, a phrase or a claim that was typed, the words found, lunr's own scores.
const NAME = 3, ABOUT = 2, ASKED = 2.4, CLAIM = 3, WORDS = 1, SCORE = 0.3, PASSAGE = 0.5
const SORTS = { entry: 1, comparison: 1, guide: 0.95, page: 0.95, claim: 0.9, sources: 0.7 }
const NOT_ITS_SIDES = 0.5, CLAIM_BESIDE_NAME = 0.3, NAMED = 0.9, EXACT = 0.97
const ALIAS = 0.98, SUBJECT = 1.6, WHOLE = 0.95, STATED = 1.3
const COMPARED = 1.15, PAIRED = 0.75, PART_COMPARED = 0.3, PART_PAIRED = 0.8

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
    this.meanings = {
      synonyms: synonymsOf(synonyms), shorts: shortsOf(this.docs),
      joined: joinedOf(this.docs), initials: initialsOf(this.docs), pairs: pairsOf(this.docs),
    }
    this.names = new Index(this.docs.filter(doc => !doc.sides || doc.written), NAME_FIELDS, fields, this.meanings)
    this.comparisons = this.docs.filter(doc => doc.sides)
    this.entries = entriesOf(this.docs)
  }

  /** Takes the sections of the texts. */
  addTexts(sections) {
    const parts = sections.map(([page, at, heading, text]) => ({ page: this.page(page), at, heading, text }))
    this.texts = new Index(parts, TEXT_FIELDS, ({ heading, text }) => ({ heading, text }), this.meanings)
    this.names.texts = this.texts
  }

  /** The page that something is a part of. */
  page(at) {
    return this.places.get(at.split("#")[0])
  }

  /** The comparison of the two entries that were named to be told apart, and the words that name them. */
  compared(query) {
    const named = query.compares ? query.named(this.entries) : []
    const sides = [...new Set(named.map(({ of }) => of))]
    if (sides.length === 1 && query.endsComparing) return { side: sides[0] }
    if (sides.length !== 2) return {}
    const page = this.comparisons.find(doc => sides.every(side => doc.sides.includes(side)))
    const shares = query.list.map((_, place) => Number(named.some(({ at, end }) => at <= place && place < end)))
    return { doc: page ?? (query.tellsApart ? chosen(sides) : undefined), shares }
  }

  /** What a query finds, best first, with the words found and the query as it may have been meant. */
  find(text) {
    const query = new Query(text, this.names), hits = new Hits(query, query.about(this.entries))
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
    for (const word in words) if (query.tells(word)) hit.words.add(word)
    return hit
  }

  addNames(index) {
    const answers = index.find(this.query.words)
    for (const { doc, score, words } of answers) {
      const hit = this.note(doc, told(words, this.query), words, this.query)
      hit.score = score / answers[0].score
      if (Object.values(words).some(fields => NAMES.some(field => field in fields))) hit.name = named(doc, this.query)
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
  const worth = word => Math.max(...Object.keys(words[word]).map(field => TELLS[field]))
  return query.shares(Object.keys(words), worth)
}

/** For each word the words that mean the same, all by their keys. */
function synonymsOf(groups) {
  const found = new Map()
  for (const keys of groups.map(group => group.map(Words.key))) {
    for (const key of keys) found.set(key, [...(found.get(key) ?? []), ...keys.filter(other => other !== key)])
  }
  return found
}

/** For each name of several words, by their keys, the names in one word beside it. */
function shortsOf(docs) {
  const found = new Map()
  for (const { title, names } of docs.filter(doc => !doc.sides)) {
    const lists = [title, ...names].map(Words.split)
    const shorts = lists.filter(list => list.length === 1).flat()
    for (const list of lists) if (list.length > 1) found.set(list.map(Words.key).join(" "), shorts)
  }
  return found
}

const entriesIn = docs => docs.filter(({ sort }) => sort === "entry")

/** For each two to four words of a name in one, these words. */
function joinedOf(docs) {
  const found = new Map()
  for (const list of entriesIn(docs).flatMap(({ title, names }) => [title, ...names].map(Words.split))) {
    for (const { word, at, size } of Words.runs(list)) if (size > 1) found.set(word, list.slice(at, at + size))
  }
  return found
}

/** For each word of a name the words before and after it. */
function pairsOf(docs) {
  const before = new Map(), after = new Map(), add = (map, key, word) => map.set(key, [...map.get(key) ?? [], word])
  for (const list of entriesIn(docs).flatMap(({ title, names }) => [title, ...names].map(Words.split))) {
    for (const [at, word] of list.slice(1).entries()) {
      add(before, word, list[at])
      add(after, list[at], word)
    }
  }
  return { before, after }
}

/** For the initials of one entry's names of several words, "to" as a letter or a digit, these words. */
function initialsOf(docs) {
  const found = new Map(), letters = (list, to) => list.map(word => word === "to" ? to : word[0]).join("")
  const told = word => word === "to" || Words.weight(word) > Words.ASKS
  for (const doc of entriesIn(docs)) {
    const lists = [doc.title, ...doc.names].map(Words.split).filter(list => list.length > 1 && list.every(told))
    for (const list of lists) for (const short of [letters(list, "t"), letters(list, "2")]) {
      found.set(short, [...found.get(short) ?? [], { doc, list }])
    }
  }
  const unique = [...found].filter(([, of]) => of.every(({ doc }) => doc === of[0].doc))
  return new Map(unique.map(([short, [{ list }]]) => [short, list]))
}

/** The entries by their names in one word, as they are written, else by their keys; titles before aliases. */
function entriesOf(docs) {
  const entries = entriesIn(docs), joined = (name, form) => Words.split(name).map(form).join("")
  const titles = entries.map(doc => [doc.title, doc]), aliases = entries.flatMap(doc => doc.names.map(name => [name, doc]))
  const named = form => [...aliases, ...titles].map(([name, doc]) => [joined(name, form), doc])
  return new Map([...named(Words.key), ...named(word => word)])
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
  const distinct = texts => [...new Set(texts.flatMap(Words.split))]
  if (sort === "comparison") return { summary }
  return { [sort === "claim" ? "claim" : "name"]: distinct([title, ...names]), asked: distinct(asked), summary }
}

/** How well what was typed is a name of a document, a phrase for it, or what it claims. */
function named(doc, query) {
  const own = doc.sort === "claim" ? CLAIM * claimed(doc.title, query) : NAME * best([doc.title, ...doc.names], query)
  return Math.max(own, ASKED * best(doc.asked, query), ...doc.asked.map(phrase => NAME * query.phrase(phrase)))
}

/** How well what was typed is the best of some names, the first of which counts most. */
function best(names, query) {
  return Math.max(0, ...names.map((name, nth) => {
    const { covered, whole, shares } = match(name, query)
    const fit = Math.max(covered ** (whole < WHOLE ? 2 : 1.5) * whole, query.begins(parsed(name).list))
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
  if (!query.matches.has(name)) {
    const { list, weights } = parsed(name)
    const given = list.map(word => Math.max(0, ...(query.meaning.get(word) ?? []).map(run => run.sure)))
    const whole = sum(given.map((share, at) => share * weights[at])) / sum(weights) || 0
    const shares = query.shares(list)
    query.matches.set(name, { shares, covered: query.covered(shares), whole })
  }
  return query.matches.get(name)
}

const PARSED = new Map()

/** A name's words and what they tell; made once. */
function parsed(name) {
  if (!PARSED.has(name)) {
    const list = Words.split(name)
    PARSED.set(name, { list, weights: list.map(Words.weight) })
  }
  return PARSED.get(name)
}
