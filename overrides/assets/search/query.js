// A query in the words of an index.
"use strict"

const MOST_TYPED = 24, MOST_NAMING = 3, LONGEST_NAME = 6, LONGEST_FIXED = 24, PAIRED_FROM = 5
const COMPARES = /^(vs?|versus|or|differ.*|compar.*|same|between|against|better)$/
const TELLS_APART = /^(vs?|versus|or|differ(?!ent).*|compar.*|between)$/
const YES_OR_NO = /^(is|are|was|were|does|do|did|can|could|will|has|have)$/
const STATES = /^(uses|makes|means|gives|runs|came|comes|works|causes|needs|knows|just|only|always|never|can(?:no)?t)$/
const OPEN = /^(how|what|when|who|where|why|which)$/

/** Whether one of two words is the other with something before or after it. */
const affixed = (a, b) => [[a, b], [b, a]].some(([long, short]) => long.startsWith(short) || long.endsWith(short))

/** What a few words ask, by how they are put. */
function asked(list) {
  const tells = words => words.some(word => Words.weight(word) > Words.ASKS)
  // Whether two things are to be told apart, whether no more is asked, and whether the second is still to come.
  const compares = list.some(word => COMPARES.test(word)), tellsApart = list.some(word => TELLS_APART.test(word))
  const endsComparing = TELLS_APART.test(list.at(-1))
  // How many different words tell what is meant by themselves.
  const telling = new Set(list.filter(word => Words.weight(word) === 1)).size
  // The place of what a question is about that asks for a yes or a no; -1 in any other query.
  const subject = YES_OR_NO.test(list[0]) ? list.findIndex(word => Words.weight(word) === 1) : -1
  // Whether something is said or asked of something: a verb comes first or between words that tell.
  const verb = list.findIndex(word => YES_OR_NO.test(word) || STATES.test(word))
  const said = verb ? verb > 0 && tells(list.slice(0, verb)) && tells(list.slice(verb + 1)) : telling > 1
  return { compares, tellsApart, endsComparing, telling, subject, states: said && !compares && !OPEN.test(list[0]) }
}

class Query {
  /** What was typed, in the words of an index; `known` is the same in the index whose corrections hold. */
  constructor(text, index, known) {
    this.index = index
    this.list = known?.list ?? Words.split(text).slice(0, MOST_TYPED).flatMap(word => index.parts(word))
    this.keys = this.list.map(Words.key)
    Object.assign(this, asked(this.list))
    this.typed = this.list.join(" ")
    this.typing = /[\p{L}\p{N}]$/u.test(text)
    const last = ({ at, size }) => this.typing && at + size === this.list.length
    this.runs = Words.runs(this.list).map(run => ({ ...run, words: index.meant(run.word, last(run)) }))
    this.corrections = known?.corrections ?? this.corrected(index)
    this.runs.push(...this.fixed(index), ...this.shortened(index))
    this.meaning = this.byWord()
    this.weights = this.list.map((word, at) => this.weight(word, at, index))
    this.matches = new Map()
  }

  /** How much a typed word says, the first time: what it tells, times how rare the words are for which it may stand. */
  weight(word, at, index) {
    if (this.list.indexOf(word) < at && Words.weight(word) === 1) return 0
    const sure = ({ words }) => [...words].filter(([, share]) => share >= SYNONYM).map(([other]) => other)
    const words = this.runs.filter(run => run.at === at && run.size === 1).flatMap(sure)
    const letter = this.typing && at === this.list.length - 1 && word.length === 1
    return (letter ? 1 : Words.weight(word)) * index.rarity(words)
  }

  /** By its place, what may have been meant by a word that nothing has, alone or in one with its neighbors. */
  corrected(index) {
    const joined = this.runs.filter(({ size, words }) => size > 1 && [...words.values()].some(share => share >= FORM))
    const within = at => joined.some(run => at >= run.at && at < run.at + run.size)
    const correctable = word => word.length >= SWAPPED_FROM && word.length <= LONGEST_FIXED && !/\d/.test(word)
    const unsaid = ({ word, at, words }) => !words.size && !index.texts?.has(word) && !within(at)
    const fixed = this.runs.filter(({ word, size }) => size === 1 && correctable(word)).map(run => {
      const meant = this.meantBeside(run, index)
      return [run.at, meant ? new Map([[meant, NEAR]]) : unsaid(run) ? index.corrections(run.word) : new Map()]
    })
    return new Map(fixed.filter(([, words]) => words.size))
  }

  /** The word of a name that is a letter away from a typed one, beside the same neighbor; none if that is one itself. */
  meantBeside({ word, at }, index) {
    if (word.length < PAIRED_FROM) return undefined
    const { before, after } = index.meanings.pairs
    const beside = [...after.get(this.list[at - 1]) ?? [], ...before.get(this.list[at + 1]) ?? []]
    if (beside.includes(word)) return undefined
    return beside.find(other => other[0] === word[0] && Words.distance(other, word, 2) === 1 && !affixed(other, word))
  }

  /** The corrections that an index has. */
  fixed(index) {
    const here = words => new Map([...words].filter(([word]) => index.has(word)))
    return [...this.corrections].map(([at, words]) => ({ at, size: 1, words: here(words) }))
  }

  /** The long names that were typed, as their abbreviations. */
  shortened(index) {
    const forms = word => [word, `${word}s`].filter(form => index.has(form)).map(form => [form, SHORT])
    const found = []
    for (let at = 0; at < this.keys.length; at++) {
      for (let size = 2; size <= LONGEST_NAME && at + size <= this.keys.length; size++) {
        const shorts = index.meanings.shorts.get(this.keys.slice(at, at + size).join(" ")) ?? []
        found.push({ at, size, words: new Map(shorts.flatMap(forms)) })
      }
    }
    return found
  }

  /** For each indexed word the places for which it may stand. */
  byWord() {
    const found = new Map()
    for (const { words, ...run } of this.runs) for (const [word, sure] of words) {
      found.set(word, [...(found.get(word) ?? []), { ...run, sure }])
    }
    return found
  }

  /** The query with its likeliest corrections that are names and more than another ending; empty if it needs none. */
  get meant() {
    const offered = (word, [other]) => !affixed(word, other) && this.index.names(other) && other
    const fixed = new Map([...this.corrections].map(([at, words]) => [at, offered(this.list[at], [...words.keys()])]))
    return [...fixed.values()].some(Boolean) ? this.list.map((word, at) => fixed.get(at) || word).join(" ") : ""
  }

  /** Each indexed word with its weight. */
  get words() {
    const weigh = ({ at, size, sure }) => sure * (size === 1 ? Words.weight(this.list[at]) : 1)
    return [...this.meaning].map(([word, runs]) => [word, Math.max(...runs.map(weigh))])
  }

  /** Whether an indexed word stands for one that was typed and tells something. */
  tells(word) {
    return (this.meaning.get(word) ?? []).some(({ at, size }) => size > 1 || Words.weight(this.list[at]) > Words.ASKS)
  }

  /** How surely each typed word is one of some indexed words, times what these are worth. */
  shares(words, worth = () => 1) {
    const shares = this.list.map(() => 0)
    for (const word of words) {
      for (const { at, size, sure } of this.meaning.get(word) ?? []) {
        for (let place = at; place < at + size; place++) shares[place] = Math.max(shares[place], sure * worth(word))
      }
    }
    return shares
  }

  /** How much of what was typed some shares make up, from 0 to 1. */
  covered(shares) {
    return sum(shares.map((share, at) => share * this.weights[at])) / sum(this.weights)
  }

  /** What some names were typed for, also misspelt, and at which places; of names within each other, the longest. */
  named(names) {
    const list = this.list.map((word, at) => this.corrections.get(at)?.keys().next().value ?? word), keys = list.map(Words.key)
    const sizes = Array.from({ length: LONGEST_NAME }, (_, less) => less + 1)
    const span = (at, end) => ({ at, end, of: names.get(list.slice(at, end).join("")) ?? names.get(keys.slice(at, end).join("")) })
    const spans = keys.flatMap((_, at) => sizes.map(size => span(at, at + size)))
    const found = spans.filter(({ of, end }) => of && end <= keys.length)
    return found.filter(one => !found.some(other => other !== one && other.at <= one.at && other.end >= one.end))
  }

  /** The one thing that a few words name, if they ask nothing, compare nothing and say nothing of it. */
  about(names) {
    const things = new Set(this.named(names).map(({ of }) => of))
    const asks = [OPEN, YES_OR_NO].some(words => words.test(this.list[0])) || this.compares || this.states
    return things.size === 1 && this.list.length <= MOST_NAMING && !asks ? [...things][0] : undefined
  }

  /** How much of a name was typed, if what was typed is its beginning. */
  begins(name) {
    const begun = this.typing && this.typed.length > 1 && name.startsWith(this.typed)
    return begun ? BEGUN + (1 - BEGUN) * this.typed.length / name.length : 0
  }

  /** The part that a phrase is of the words that tell something, if it stands in the query as it is. */
  phrase(list) {
    const telling = words => words.filter(word => Words.weight(word) > Words.ASKS).length
    const may = list.length > 1 && list.every(word => this.meaning.has(word))
    const stands = may && ` ${this.keys.join(" ")} `.includes(` ${list.map(Words.key).join(" ")} `)
    return stands ? telling(list) / telling(this.list) || 0 : 0
  }
}
