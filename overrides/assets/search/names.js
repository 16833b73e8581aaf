// How well what was typed is the name of something.

import { parseName } from "./meanings.js"
import { tellsSomething } from "./query.js"
import { SURE } from "./typed.js"
import { addUp, stemWord } from "./words.js"

// How much a name, a phrase and a claim decide on the order; the names of two sides; and what a name loses or gains.
export const NAME = 3
const ASKED = 2.4
const CLAIM = 3
const ALIAS = 0.98
const SUBJECT = 1.6
const WHOLE = 0.95
const STATED = 1.3
const COMPARED = 1.15
const PAIRED = 0.75
const PART_COMPARED = 0.3
const PART_PAIRED = 0.8

/** Return places of a list raised to what another has there. */
export const raiseShares = (list, other) => list.map((value, at) => Math.max(value, other[at] ?? 0))

/** Return how a name goes with a query: how much of the query it covers, and how much of it was typed. */
function matchName(name, query) {
  if (!query.matches.has(name)) query.matches.set(name, measureMatch(parseName(name), query))
  return query.matches.get(name)
}

function measureMatch({ words, weights }, query) {
  if (!words.some(word => query.meaning.has(word))) return { shares: [], covered: 0, whole: 0 }
  const given = words.map(word => Math.max(0, ...(query.meaning.get(word) ?? []).map(run => run.sure)))
  const whole = addUp(given.map((share, at) => share * weights[at])) / addUp(weights) || 0
  const shares = query.share(words)
  return { shares, covered: query.cover(shares), whole }
}

/** Return how much of a name was typed, if what was typed is its beginning. */
function matchBeginning(name, { isTyping, typed }) {
  const isBegun = isTyping && typed.length > 1 && name.startsWith(typed)
  return isBegun ? SURE.begun + ((1 - SURE.begun) * typed.length) / name.length : 0
}

/** Return the part that a phrase is of the words that tell something, if it stands in the query as it is. */
function matchPhrase(phrase, { meaning, keys, list }) {
  const isPossible = phrase.length > 1 && phrase.every(word => meaning.has(word))
  const stands = isPossible && ` ${keys.join(" ")} `.includes(` ${phrase.map(stemWord).join(" ")} `)
  const count = words => words.filter(tellsSomething).length
  return stands ? count(phrase) / count(list) || 0 : 0
}

/** Return how well what was typed is a name of a document, a phrase for it, or what it claims. */
export function rateNames(doc, query) {
  const names = [doc.title, ...doc.names]
  const own = doc.sort === "claim" ? CLAIM * rateClaim(doc.title, query) : NAME * findBest(names, query)
  const phrases = doc.asked.map(phrase => NAME * matchPhrase(parseName(phrase).words, query))
  return Math.max(own, ASKED * findBest(doc.asked, query), ...phrases)
}

/** Return how well what was typed is the best of some names, the first of which counts most. */
function findBest(names, query) {
  const rates = names.map((name, nth) => {
    const { covered, whole, shares } = matchName(name, query)
    const fit = Math.max(covered ** (whole < WHOLE ? 2 : 1.5) * whole, matchBeginning(parseName(name).typed, query))
    return fit * (nth ? ALIAS : 1) * (shares[query.subject] ? SUBJECT : 1)
  })
  return Math.max(0, ...rates)
}

/** Return how well a claim says all that was typed; a single word claims nothing. */
function rateClaim(claim, query) {
  const { covered, whole, shares } = matchName(claim, query)
  const sure = (query.states ? STATED : 1) * (shares[query.subject] ? SUBJECT : 1)
  return query.telling > 1 ? sure * covered ** 4 * (0.6 + 0.4 * whole) : 0
}

/** Return how well what was typed names both sides of a comparison, each with words of its own. */
function rateBoth(sides, query) {
  const enough = query.compares ? PART_COMPARED : PART_PAIRED
  const known = sides.map(({ title, names }) => [title, ...names].map(name => matchName(name, query)))
  const [first, second] = known.map(matches => matches.filter(({ whole }) => whole > enough))
  const hasOwn = (a, b) => a.shares.some((share, at) => share > b.shares[at])
  const rate = (a, b) => query.cover(raiseShares(a.shares, b.shares)) ** 2 * Math.sqrt(a.whole * b.whole)
  const pairs = first.flatMap(a => second.filter(b => hasOwn(a, b) && hasOwn(b, a)).map(b => rate(a, b)))
  return (query.compares ? COMPARED : PAIRED) * Math.max(0, ...pairs)
}

/** Return how well what was typed names a comparison; if it names the sides of one in full, it is about no other. */
export function rateComparison(doc, query, asked, isFound) {
  if (asked.side) return doc.sides.includes(asked.side) ? (doc.written ? 1 : ALIAS) : 0
  const full = asked.doc === doc ? COMPARED * query.cover(asked.shares) ** 2 : 0
  return isFound && (full || !asked.doc) ? Math.max(full, rateBoth(doc.sides, query)) : 0
}
