// The words of an index for which a typed one may stand.

import { findAskingWord, measureDistance, stemWord } from "./words.js"

/** How surely an indexed word is meant by a typed one. */
export const SURE = { same: 1, plural: 0.97, short: 0.9, form: 0.8, near: 0.7, begun: 0.6, synonym: 0.5, far: 0.5 }
/** From how many letters a word is corrected by swapping them. */
export const SWAPPED_FROM = 3
// From how many letters a word is corrected by one other, by two; and how many corrections are looked for.
const FIXED_FROM = 4
const TWICE_FIXED_FROM = 7
const MOST_FIXES = 4
// From how many letters a word may be cut short, grown from another, or half of a compound.
const CUT_FROM = 3
const ROOT_FROM = 5
const HALF_FROM = 4
const SURE_INITIALS = 3
const MOST_BEGUN = 40

/** Return the words that were typed as one or by their initials, if it is none itself; the last may be only begun. */
export function splitTyped(word, index) {
  if (index.findFamily(stemWord(word)).length || index.texts?.has(word)) return [word]
  const asking = findAskingWord(word)
  if (asking) return [asking]
  const begins = index.findBeginning(word).length > 0
  const initials = begins && word.length < SURE_INITIALS ? undefined : index.meanings.initials.get(word)
  if (initials || begins) return initials ?? [word]
  const { joined } = index.meanings
  const name = joined.has(word) ? word : [...joined.keys()].find(other => other.startsWith(word))
  return name ? cutLike(word, joined.get(name)) : splitCompound(word, index)
}

/** Return a word cut at the lengths of some others. */
function cutLike(word, others) {
  let at = 0
  const parts = others.map(other => {
    const part = word.slice(at, at + other.length)
    at += other.length
    return part
  })
  return parts.filter(Boolean)
}

/** Return a word cut between letters and digits, if that gives one that is indexed; or into two that both are. */
function splitCompound(word, index) {
  const pieces = word.match(/\p{L}+|\P{L}+/gu)
  if (pieces.some(piece => index.has(piece))) return pieces
  const halves = Array.from({ length: word.length }, (_, at) => [word.slice(0, at), word.slice(at)])
  const isIndexed = half => half.length >= HALF_FROM && index.has(half)
  return halves.find(both => both.every(isIndexed)) ?? [word]
}

/** Return the indexed words that a typed one may stand for, each with how surely; the one being typed may go on. */
export function findMeant(word, index, isTyping) {
  const key = stemWord(word)
  const isPlural = other => `${word}s` === other || `${other}s` === word
  const measure = other => (other === word ? SURE.same : isPlural(other) ? SURE.plural : SURE.form)
  return new Map([
    ...(index.meanings.synonyms.get(key) ?? [])
      .flatMap(other => index.findFamily(other))
      .map(other => [other, SURE.synonym]),
    ...(isTyping ? findBegun(word, index) : []).map(other => [other, SURE.begun]),
    ...index.findFamily(key).map(other => [other, measure(other)]),
  ])
}

/** Return the commonest words that begin as one does. */
function findBegun(word, index) {
  const found = index.findBeginning(word)
  const compare = (a, b) => index.countDocs(b) - index.countDocs(a)
  return found.length > MOST_BEGUN ? found.sort(compare).slice(0, MOST_BEGUN) : found
}

/** Return the indexed words that a misspelt one may stand for, likeliest first, then their other forms. */
export function findCorrections(word, index) {
  const measure = other => measureDistance(word, other) + (word[0] === other[0] ? 0 : 0.5)
  const rate = other => (measure(other) <= 1 ? SURE.near : SURE.far)
  const compare = (a, b) => measure(a) - measure(b) || index.countDocs(b) - index.countDocs(a) || a.length - b.length
  const near = findNear(word, index).sort(compare).slice(0, MOST_FIXES)
  const found = new Map(near.map(other => [other, rate(other)]))
  for (const other of near) {
    const forms = index.findFamily(stemWord(other)).filter(form => !found.has(form))
    for (const form of forms) found.set(form, rate(other) * SURE.plural)
  }
  return found.size ? found : new Map(findCut(word, index).map(other => [other, SURE.far]))
}

/** Return the indexed words that go on from a word that was cut short; else the longest with which it begins. */
function findCut(word, index) {
  if (word.length < CUT_FROM) return []
  const longer = findBegun(word, index)
  const ends = Array.from({ length: Math.max(0, word.length - ROOT_FROM) }, (_, less) => word.length - 1 - less)
  const root = longer.length ? undefined : ends.map(end => word.slice(0, end)).find(begin => index.has(begin))
  return root ? [root] : longer
}

/** Return the indexed words that are a letter or two away from one; from a very short one, those with its letters. */
function findNear(word, index) {
  const most = word.length < TWICE_FIXED_FROM ? 1 : 2
  const near = index.words.filter(other => measureDistance(word, other, most + 1) <= most)
  const sortLetters = other => [...other].sort().join("")
  return word.length < FIXED_FROM ? near.filter(other => sortLetters(other) === sortLetters(word)) : near
}
