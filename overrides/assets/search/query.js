// A query in the words of an index.

import { analyzeWords, beginsQuestion } from "./question.js"
import { findCorrections, findMeant, SURE, SWAPPED_FROM, splitTyped } from "./typed.js"
import { ASKING_WEIGHT, addUp, listRuns, measureDistance, splitWords, stemWord, weighWord } from "./words.js"

const MOST_TYPED = 24 // words
const MOST_NAMING = 3 // words of a query that does no more than name something
const LONGEST_NAME = 6 // words
const LONGEST_FIXED = 24 // letters
const PAIRED_FROM = 5 // letters of a word that is corrected by its neighbor

/** Return whether one of two words is the other with something before or after it. */
function isAffixed(a, b) {
  const pairs = [
    [a, b],
    [b, a],
  ]
  return pairs.some(([long, short]) => long.startsWith(short) || long.endsWith(short))
}

/** Return whether a word says more than that something is asked. */
export const tellsSomething = word => weighWord(word) > ASKING_WEIGHT

export class Query {
  /** Take what was typed, in the words of an index; `known` is the same in the index whose corrections hold. */
  constructor(text, index, known) {
    this.index = index
    this.list =
      known?.list ??
      splitWords(text)
        .slice(0, MOST_TYPED)
        .flatMap(word => splitTyped(word, index))
    this.keys = this.list.map(stemWord)
    Object.assign(this, analyzeWords(this.list))
    this.typed = this.list.join(" ")
    this.isTyping = /[\p{L}\p{N}]$/u.test(text)
    const isLast = ({ at, size }) => this.isTyping && at + size === this.list.length
    this.runs = listRuns(this.list).map(run => ({ ...run, words: findMeant(run.word, index, isLast(run)) }))
    this.corrections = known?.corrections ?? this.findCorrections()
    this.runs.push(...this.listCorrected(), ...this.listShortened())
    this.meaning = this.groupByWord()
    this.weights = this.list.map((word, at) => this.weigh(word, at))
    this.matches = new Map()
  }

  /** Return how much a typed word says, the first time: what it tells, times how rare the words are for which it may stand. */
  weigh(word, at) {
    if (this.list.indexOf(word) < at && weighWord(word) === 1) return 0
    const listSure = ({ words }) => [...words].filter(([, share]) => share >= SURE.synonym).map(([other]) => other)
    const words = this.runs.filter(run => run.at === at && run.size === 1).flatMap(listSure)
    const isLetter = this.isTyping && at === this.list.length - 1 && word.length === 1
    return (isLetter ? 1 : weighWord(word)) * this.index.measureRarity(words)
  }

  /** Return by its place what may have been meant by a word that nothing has, alone or in one with its neighbors. */
  findCorrections() {
    const { index } = this
    const isSure = words => [...words.values()].some(share => share >= SURE.form)
    const joined = this.runs.filter(({ size, words }) => size > 1 && isSure(words))
    const isJoined = at => joined.some(run => at >= run.at && at < run.at + run.size)
    const isCorrectable = word => word.length >= SWAPPED_FROM && word.length <= LONGEST_FIXED && !/\d/.test(word)
    const isUnknown = ({ word, at, words }) => !words.size && !index.texts?.has(word) && !isJoined(at)
    const single = this.runs.filter(({ word, size }) => size === 1 && isCorrectable(word))
    const fixed = single.map(run => {
      const meant = this.findBeside(run)
      if (meant) return [run.at, new Map([[meant, SURE.near]])]
      return [run.at, isUnknown(run) ? findCorrections(run.word, index) : new Map()]
    })
    return new Map(fixed.filter(([, words]) => words.size))
  }

  /** Return the word of a name that is a letter away from a typed one, beside the same neighbor; none if that is one itself. */
  findBeside({ word, at }) {
    if (word.length < PAIRED_FROM) return undefined
    const { before, after } = this.index.meanings.pairs
    const beside = [...(after.get(this.list[at - 1]) ?? []), ...(before.get(this.list[at + 1]) ?? [])]
    if (beside.includes(word)) return undefined
    return beside.find(
      other => other[0] === word[0] && measureDistance(other, word, 2) === 1 && !isAffixed(other, word),
    )
  }

  /** Return the corrections that the index has, as runs. */
  listCorrected() {
    const filter = words => new Map([...words].filter(([word]) => this.index.has(word)))
    return [...this.corrections].map(([at, words]) => ({ at, size: 1, words: filter(words) }))
  }

  /** Return the long names that were typed, as their abbreviations. */
  listShortened() {
    const listForms = word => [word, `${word}s`].filter(form => this.index.has(form)).map(form => [form, SURE.short])
    const found = []
    for (let at = 0; at < this.keys.length; at++) {
      for (let size = 2; size <= LONGEST_NAME && at + size <= this.keys.length; size++) {
        const shorts = this.index.meanings.shorts.get(this.keys.slice(at, at + size).join(" ")) ?? []
        found.push({ at, size, words: new Map(shorts.flatMap(listForms)) })
      }
    }
    return found
  }

  /** Return for each indexed word the places for which it may stand. */
  groupByWord() {
    const found = new Map()
    for (const { words, ...run } of this.runs) {
      for (const [word, sure] of words) found.set(word, [...(found.get(word) ?? []), { ...run, sure }])
    }
    return found
  }

  /** The query with its likeliest corrections that are names and more than another ending; empty if it needs none. */
  get meant() {
    const offer = (word, [other]) => !isAffixed(word, other) && this.index.isInName(other) && other
    const fixed = new Map([...this.corrections].map(([at, words]) => [at, offer(this.list[at], [...words.keys()])]))
    return [...fixed.values()].some(Boolean) ? this.list.map((word, at) => fixed.get(at) || word).join(" ") : ""
  }

  /** Each indexed word with its weight. */
  get words() {
    const weigh = ({ at, size, sure }) => sure * (size === 1 ? weighWord(this.list[at]) : 1)
    return [...this.meaning].map(([word, runs]) => [word, Math.max(...runs.map(weigh))])
  }

  /** Return whether an indexed word stands for one that was typed and tells something. */
  tells(word) {
    return (this.meaning.get(word) ?? []).some(({ at, size }) => size > 1 || tellsSomething(this.list[at]))
  }

  /** Return how surely each typed word is one of some indexed words, times what these are worth. */
  share(words, worth = () => 1) {
    const shares = this.list.map(() => 0)
    for (const word of words) {
      for (const { at, size, sure } of this.meaning.get(word) ?? []) {
        for (let place = at; place < at + size; place++) shares[place] = Math.max(shares[place], sure * worth(word))
      }
    }
    return shares
  }

  /** Return how much of what was typed some shares make up, from 0 to 1. */
  cover(shares) {
    return addUp(shares.map((share, at) => share * this.weights[at])) / addUp(this.weights)
  }

  /** Return what some names were typed for, also misspelt, and at which places; of names within each other, the longest. */
  findNamed(names) {
    const words = this.list.map((word, at) => this.corrections.get(at)?.keys().next().value ?? word)
    const keys = words.map(stemWord)
    const sizes = Array.from({ length: LONGEST_NAME }, (_, less) => less + 1)
    const find = (at, end) => names.get(words.slice(at, end).join("")) ?? names.get(keys.slice(at, end).join(""))
    const spans = keys.flatMap((_, at) => sizes.map(size => ({ at, end: at + size, of: find(at, at + size) })))
    const found = spans.filter(({ of, end }) => of && end <= keys.length)
    return found.filter(one => !found.some(other => other !== one && other.at <= one.at && other.end >= one.end))
  }

  /** Return the one thing that a few words name, if they ask nothing, compare nothing and say nothing of it. */
  findSubject(names) {
    const things = new Set(this.findNamed(names).map(({ of }) => of))
    const asks = beginsQuestion(this.list[0]) || this.compares || this.states
    return things.size === 1 && this.list.length <= MOST_NAMING && !asks ? [...things][0] : undefined
  }
}
