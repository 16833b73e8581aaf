// An index of words, those of it for which a typed one may stand, and what it finds by them. lunr, of which words.js keeps
// the stemmer and the stop words, makes vectors and automata of all words before it answers, for which those who open search
// would wait. This index counts words, and weighs only those that are asked for.
"use strict"

// How surely an indexed word is meant by a typed one.
const SAME = 1, PLURAL = 0.97, SHORT = 0.9, FORM = 0.8, NEAR = 0.7, BEGUN = 0.6, SYNONYM = 0.5, FAR = 0.5
// From how many letters a word is corrected by swapping them, by one other, by two; and how many corrections are looked for.
const SWAPPED_FROM = 3, FIXED_FROM = 4, TWICE_FIXED_FROM = 7, FIXES = 4
// From how many letters a word may be cut short, grown from another, or half of a compound.
const CUT_FROM = 3, ROOT_FROM = 5, HALF_FROM = 4
const SURE_INITIALS = 3, MOST_BEGUN = 40, MOST_FOUND = 300
// BM25: how soon more of the same word says no more, and how much less a word says in a long field.
const SATURATION = 1.2, LENGTH = 0.4

class Index {
  /** An empty index of some boosted fields; `meanings` has what else names are typed as. */
  constructor(boosts, meanings) {
    Object.assign(this, { boosts, meanings, docs: [] })
    // For each word where it stands: the place of a document, the field, how often, and of how many words the field is.
    this.postings = new Map()
    this.initial = new Map()
    this.totals = Object.fromEntries(Object.keys(boosts).map(field => [field, 0]))
    this.families = new Map()
    this.frequencies = new Map()
  }

  /** Adds a document with the words of its fields; once asked, an index takes no more. */
  add(doc, fields) {
    const at = this.docs.push(doc) - 1
    for (const [field, words] of Object.entries(fields)) {
      const length = words.length
      this.totals[field] += length
      for (const word of words) {
        const postings = this.postings.get(word), last = postings?.at(-1)
        if (!postings) this.begin(word, { at, field, count: 1, length })
        else if (last.at === at && last.field === field) last.count += 1
        else postings.push({ at, field, count: 1, length })
      }
    }
  }

  begin(word, posting) {
    this.postings.set(word, [posting])
    const words = this.initial.get(word[0])
    if (words) words.push(word)
    else this.initial.set(word[0], [word])
  }

  get size() {
    return this.docs.length
  }

  has(word) {
    return this.postings.has(word)
  }

  /** The indexed words that begin as one does. */
  beginning(word) {
    return (this.initial.get(word[0]) ?? []).filter(other => other.startsWith(word))
  }

  /** The indexed forms of a word, by what they share; that begins with the same letter. */
  family(key) {
    if (!this.families.has(key)) this.families.set(key, this.beginning(key[0]).filter(word => Words.key(word) === key))
    return this.families.get(key)
  }

  /** The words that were typed as one or by their initials, if it is none itself; the last may be only begun. */
  parts(word) {
    if (this.family(Words.key(word)).length || this.texts?.has(word)) return [word]
    const asking = Words.asking(word)
    if (asking) return [asking]
    const begins = this.beginning(word).length > 0
    const initials = begins && word.length < SURE_INITIALS ? undefined : this.meanings.initials.get(word)
    if (initials || begins) return initials ?? [word]
    const { joined } = this.meanings
    const name = joined.has(word) ? word : [...joined.keys()].find(other => other.startsWith(word))
    if (!name) return this.pieces(word)
    const whole = joined.get(name)
    let at = 0
    return whole.map(part => word.slice(at, at += part.length)).filter(Boolean)
  }

  /** A word cut between letters and digits, if that gives one that is indexed; or into two that both are. */
  pieces(word) {
    const pieces = word.match(/\p{L}+|\P{L}+/gu)
    if (pieces.some(piece => this.has(piece))) return pieces
    const halves = Array.from({ length: word.length }, (_, at) => [word.slice(0, at), word.slice(at)])
    return halves.find(both => both.every(half => half.length >= HALF_FROM && this.has(half))) ?? [word]
  }

  /** The indexed words that a typed one may stand for, each with how surely; the one being typed may go on. */
  meant(word, typing) {
    const key = Words.key(word), plural = other => `${word}s` === other || `${other}s` === word
    return new Map([
      ...(this.meanings.synonyms.get(key) ?? []).flatMap(other => this.family(other)).map(other => [other, SYNONYM]),
      ...(typing ? this.begun(word) : []).map(other => [other, BEGUN]),
      ...this.family(key).map(other => [other, other === word ? SAME : plural(other) ? PLURAL : FORM]),
    ])
  }

  /** The commonest words that begin as one does. */
  begun(word) {
    const found = this.beginning(word)
    const commoner = (a, b) => this.frequency(b) - this.frequency(a)
    return found.length > MOST_BEGUN ? found.sort(commoner).slice(0, MOST_BEGUN) : found
  }

  /** The indexed words that a misspelt one may stand for, likeliest first, then their other forms. */
  corrections(word) {
    const off = other => Words.distance(word, other) + (word[0] === other[0] ? 0 : 0.5)
    const sure = other => off(other) <= 1 ? NEAR : FAR
    const likelier = (a, b) => off(a) - off(b) || this.frequency(b) - this.frequency(a) || a.length - b.length
    const near = this.near(word).sort(likelier).slice(0, FIXES)
    const found = new Map(near.map(other => [other, sure(other)]))
    for (const other of near) {
      for (const form of this.family(Words.key(other))) if (!found.has(form)) found.set(form, sure(other) * PLURAL)
    }
    return found.size ? found : new Map(this.cut(word).map(other => [other, FAR]))
  }

  /** The indexed words that go on from a word that was cut short; else the longest with which it begins. */
  cut(word) {
    if (word.length < CUT_FROM) return []
    const longer = this.begun(word)
    const ends = Array.from({ length: Math.max(0, word.length - ROOT_FROM) }, (_, less) => word.length - 1 - less)
    const root = longer.length ? undefined : ends.map(end => word.slice(0, end)).find(begin => this.has(begin))
    return root ? [root] : longer
  }

  /** The indexed words that are a letter or two away from one; from a very short one, those with its letters. */
  near(word) {
    const most = word.length < TWICE_FIXED_FROM ? 1 : 2
    const near = [...this.postings.keys()].filter(other => Words.distance(word, other, most + 1) <= most)
    const letters = other => [...other].sort().join("")
    return word.length < FIXED_FROM ? near.filter(other => letters(other) === letters(word)) : near
  }

  /** Whether a form of a word is in a name. */
  names(word) {
    return this.family(Words.key(word)).some(form => this.postings.get(form).some(({ field }) => field === "name"))
  }

  /** In how many documents a word stands; counted once. */
  frequency(word) {
    const places = () => new Set(this.postings.get(word).map(({ at }) => at))
    if (!this.frequencies.has(word)) this.frequencies.set(word, places().size)
    return this.frequencies.get(word)
  }

  /** How well the commonest of some words tells documents apart, from 0 to 1. */
  rarity(words) {
    const count = Math.max(0, ...words.map(word => this.frequency(word)))
    return Math.log(1 + this.size / (1 + count)) / Math.log(1 + this.size)
  }

  /** How much a word says where it stands, by BM25. */
  score({ length, field, count }, postings) {
    const rare = Math.log(1 + Math.abs((this.size - postings.length + 0.5) / (postings.length + 0.5)))
    const long = 1 - LENGTH + LENGTH * length * this.size / this.totals[field]
    return this.boosts[field] * rare * (SATURATION + 1) * count / (SATURATION * long + count)
  }

  /** The best documents with any of some weighted words: their scores, and by word the fields in which it stands. */
  find(words) {
    const found = new Map(), all = Math.hypot(...words.map(([, weight]) => weight))
    for (const [word, weight] of words) {
      const postings = this.postings.get(word)
      for (const posting of postings) {
        const { at, field } = posting
        if (!found.has(at)) found.set(at, { doc: this.docs[at], score: 0, words: new Map() })
        const hit = found.get(at)
        hit.score += weight / all * this.score(posting, postings)
        hit.words.has(word) ? hit.words.get(word).push(field) : hit.words.set(word, [field])
      }
    }
    return [...found.values()].sort((a, b) => b.score - a.score).slice(0, MOST_FOUND)
  }
}
