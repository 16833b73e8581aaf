// An index of lunr's, and the words of it for which a typed one may stand.
"use strict"

// How surely an indexed word is meant by a typed one.
const SAME = 1, PLURAL = 0.97, SHORT = 0.9, FORM = 0.8, NEAR = 0.7, BEGUN = 0.6, SYNONYM = 0.5, FAR = 0.5
// From how many letters a word is corrected by swapping them, by one other, by two; and how many corrections are looked for.
const SWAPPED_FROM = 3, FIXED_FROM = 4, TWICE_FIXED_FROM = 7, FIXES = 4
// From how many letters a word may be cut short, grown from another, or half of a compound.
const CUT_FROM = 3, ROOT_FROM = 5, HALF_FROM = 4
const SURE_INITIALS = 3, MOST_BEGUN = 40, MOST_FOUND = 300

class Index {
  /** Indexes what `texts` gives of documents for some boosted fields; `meanings` has what else names are typed as. */
  constructor(docs, fields, texts, meanings) {
    Object.assign(this, meanings, { docs, size: docs.length })
    this.lunr = lunr(function () {
      this.pipeline.reset()
      this.searchPipeline.reset()
      this.tokenizer = text => (Array.isArray(text) ? text : Words.split(text ?? "")).map(word => new lunr.Token(word))
      this.b(0.4)
      this.ref("id")
      for (const [field, boost] of Object.entries(fields)) this.field(field, { boost })
      docs.forEach((doc, id) => this.add({ ...texts(doc), id }))
    })
    this.families = new Map()
    this.frequencies = new Map()
    for (const word of Object.keys(this.lunr.invertedIndex)) {
      const key = Words.key(word)
      this.families.set(key, [...(this.families.get(key) ?? []), word])
    }
  }

  has(word) {
    return word in this.lunr.invertedIndex
  }

  /** The indexed forms of a word. */
  family(key) {
    return this.families.get(key) ?? []
  }

  /** The words that were typed as one or by their initials, if it is none itself; the last may be only begun. */
  parts(word) {
    if (this.families.has(Words.key(word)) || this.texts?.has(word)) return [word]
    const asking = Words.asking(word)
    if (asking) return [asking]
    const begins = this.matching(lunr.TokenSet.fromString(`${word}*`)).length > 0
    const initials = begins && word.length < SURE_INITIALS ? undefined : this.initials.get(word)
    if (initials || begins) return initials ?? [word]
    const name = this.joined.has(word) ? word : [...this.joined.keys()].find(joined => joined.startsWith(word))
    if (!name) return this.pieces(word)
    const whole = this.joined.get(name)
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
      ...(this.synonyms.get(key) ?? []).flatMap(other => this.family(other)).map(other => [other, SYNONYM]),
      ...(typing ? this.begun(word) : []).map(other => [other, BEGUN]),
      ...this.family(key).map(other => [other, other === word ? SAME : plural(other) ? PLURAL : FORM]),
    ])
  }

  /** The commonest words that begin as one does. */
  begun(word) {
    const found = this.matching(lunr.TokenSet.fromString(`${word}*`))
    const commoner = (a, b) => this.frequency(b) - this.frequency(a)
    return found.length > MOST_BEGUN ? found.sort(commoner).slice(0, MOST_BEGUN) : found
  }

  /** The indexed words that a misspelt one may stand for, likeliest first, then their other forms. */
  corrections(word) {
    const off = other => Words.distance(word, other) + (word[0] === other[0] ? 0 : 0.5)
    const sure = other => off(other) <= 1 ? NEAR : FAR
    const likelier = (a, b) => off(a) - off(b) || this.frequency(b) - this.frequency(a)
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
    const near = this.matching(lunr.TokenSet.fromFuzzyString(word, word.length < TWICE_FIXED_FROM ? 1 : 2))
    const letters = other => [...other].sort().join("")
    return word.length < FIXED_FROM ? near.filter(other => letters(other) === letters(word)) : near
  }

  /** Whether a form of a word is in a name. */
  names(word) {
    return this.family(Words.key(word)).some(form => Object.keys(this.lunr.invertedIndex[form].name ?? {}).length)
  }

  matching(pattern) {
    return this.lunr.tokenSet.intersect(pattern).toArray()
  }

  /** In how many documents a word stands; counted once. */
  frequency(word) {
    if (!this.frequencies.has(word)) {
      const { _index, ...fields } = this.lunr.invertedIndex[word]
      this.frequencies.set(word, new Set(Object.values(fields).flatMap(docs => Object.keys(docs))).size)
    }
    return this.frequencies.get(word)
  }

  /** How well the commonest of some words tells documents apart, from 0 to 1. */
  rarity(words) {
    const count = Math.max(0, ...words.map(word => this.frequency(word)))
    return Math.log(1 + this.size / (1 + count)) / Math.log(1 + this.size)
  }

  /** The best documents with any of some weighted words: lunr's score, and by word the fields in which it stands. */
  find(words) {
    // To lunr all documents answer a query without words.
    if (!words.length) return []
    const answers = this.lunr.query(query => {
      for (const [word, boost] of words) query.term(word, { boost, usePipeline: false })
    })
    const found = ({ ref, score, matchData }) => ({ doc: this.docs[ref], score, words: matchData.metadata })
    return answers.slice(0, MOST_FOUND).map(found)
  }
}
