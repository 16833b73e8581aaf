// What a few words ask, by how they are put.

import { ASKING_WEIGHT, weighWord } from "./words.js"

const COMPARES = /^(vs?|versus|or|differ.*|compar.*|same|between|against|better)$/
const TELLS_APART = /^(vs?|versus|or|differ(?!ent).*|compar.*|between)$/
const YES_OR_NO = /^(is|are|was|were|does|do|did|can|could|will|has|have)$/
const STATES = /^(uses|makes|means|gives|runs|came|comes|works|causes|needs|knows|just|only|always|never|can(?:no)?t)$/
const OPEN = /^(how|what|when|who|where|why|which)$/

/** Return whether a word begins a question. */
export const beginsQuestion = word => OPEN.test(word) || YES_OR_NO.test(word)

/**
 * Return what some words ask.
 *
 * - compares, tellsApart, endsComparing: whether two things are compared, no more is asked than to tell them apart, and
 *   the second is still to come;
 * - telling: how many different words tell what is meant by themselves;
 * - subject: the place of what a question is about that asks for a yes or a no; -1 in any other query;
 * - states: whether something is said or asked of something, so that a verb comes first or between words that tell.
 */
export function analyzeWords(words) {
  const tells = some => some.some(word => weighWord(word) > ASKING_WEIGHT)
  const compares = words.some(word => COMPARES.test(word))
  const tellsApart = words.some(word => TELLS_APART.test(word))
  const endsComparing = TELLS_APART.test(words.at(-1))
  const telling = new Set(words.filter(word => weighWord(word) === 1)).size
  const subject = YES_OR_NO.test(words[0]) ? words.findIndex(word => weighWord(word) === 1) : -1
  const verb = words.findIndex(word => YES_OR_NO.test(word) || STATES.test(word))
  const isSaid = verb ? verb > 0 && tells(words.slice(0, verb)) && tells(words.slice(verb + 1)) : telling > 1
  return { compares, tellsApart, endsComparing, telling, subject, states: isSaid && !compares && !OPEN.test(words[0]) }
}
