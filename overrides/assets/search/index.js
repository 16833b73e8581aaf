// An index of words, and what it finds by them. lunr makes vectors and automata of all words before it answers, for which
// those who open search would wait. This index counts words, and weighs only those that are asked for.

import { stemWord } from "./words.js"

const MOST_FOUND = 300
// BM25: how soon more of the same word says no more, and how much less a word says in a long field.
const SATURATION = 1.2
const LENGTH = 0.4

export class Index {
  /** Make an empty index of some boosted fields; `meanings` has what else names are typed as. */
  constructor(boosts, meanings) {
    Object.assign(this, { boosts, meanings, docs: [] })
    // For each word where it stands: the place of a document, the field, how often, and of how many words the field is.
    this.postings = new Map()
    this.initial = new Map()
    this.totals = Object.fromEntries(Object.keys(boosts).map(field => [field, 0]))
    this.families = new Map()
    this.frequencies = new Map()
  }

  /** Add a document with the words of its fields; once asked, an index takes no more. */
  add(doc, fields) {
    const at = this.docs.push(doc) - 1
    for (const [field, words] of Object.entries(fields)) {
      const length = words.length
      this.totals[field] += length
      for (const word of words) {
        const postings = this.postings.get(word)
        const last = postings?.at(-1)
        if (!postings) this.addWord(word, { at, field, count: 1, length })
        else if (last.at === at && last.field === field) last.count += 1
        else postings.push({ at, field, count: 1, length })
      }
    }
  }

  addWord(word, posting) {
    this.postings.set(word, [posting])
    const words = this.initial.get(word[0])
    if (words) words.push(word)
    else this.initial.set(word[0], [word])
  }

  get size() {
    return this.docs.length
  }

  get words() {
    return [...this.postings.keys()]
  }

  has(word) {
    return this.postings.has(word)
  }

  /** Return the indexed words that begin as one does. */
  findBeginning(word) {
    return (this.initial.get(word[0]) ?? []).filter(other => other.startsWith(word))
  }

  /** Return the indexed forms of a word, by what they share; that begins with the same letter. */
  findFamily(key) {
    if (!this.families.has(key)) {
      this.families.set(
        key,
        this.findBeginning(key[0]).filter(word => stemWord(word) === key),
      )
    }
    return this.families.get(key)
  }

  /** Return whether a form of a word is in a name. */
  isInName(word) {
    return this.findFamily(stemWord(word)).some(form => this.postings.get(form).some(({ field }) => field === "name"))
  }

  /** Return in how many documents a word stands; counted once. */
  countDocs(word) {
    if (!this.frequencies.has(word)) {
      this.frequencies.set(word, new Set(this.postings.get(word).map(({ at }) => at)).size)
    }
    return this.frequencies.get(word)
  }

  /** Return how well the commonest of some words tells documents apart, from 0 to 1. */
  measureRarity(words) {
    const count = Math.max(0, ...words.map(word => this.countDocs(word)))
    return Math.log(1 + this.size / (1 + count)) / Math.log(1 + this.size)
  }

  /** Return how much a word says where it stands, by BM25. */
  score({ length, field, count }, postings) {
    const rare = Math.log(1 + Math.abs((this.size - postings.length + 0.5) / (postings.length + 0.5)))
    const long = 1 - LENGTH + (LENGTH * length * this.size) / this.totals[field]
    return (this.boosts[field] * rare * (SATURATION + 1) * count) / (SATURATION * long + count)
  }

  /** Return the best documents with any of some weighted words: their scores, and by word the fields in which it stands. */
  find(words) {
    const found = new Map()
    const all = Math.hypot(...words.map(([, weight]) => weight))
    for (const [word, weight] of words) {
      const postings = this.postings.get(word)
      for (const posting of postings) {
        const { at, field } = posting
        if (!found.has(at)) found.set(at, { doc: this.docs[at], score: 0, words: new Map() })
        const hit = found.get(at)
        hit.score += (weight / all) * this.score(posting, postings)
        if (hit.words.has(word)) hit.words.get(word).push(field)
        else hit.words.set(word, [field])
      }
    }
    return [...found.values()].sort((a, b) => b.score - a.score).slice(0, MOST_FOUND)
  }
}
