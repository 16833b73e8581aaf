// What can be said of entries of different kinds, which have no attributes in common.

import { joinWords } from "../site/text.js"

/** Return a word with its indefinite article, chosen by what is heard at its beginning; as `compare.py` does. */
export const addArticle = word =>
  `${/^(?:(?!uni(?![mn])|u[bkrst][aeiou]|eu|on(?:e|ce)\b)[aeiou]|hour|honest|honor|heir)/.test(word) ? "an" : "a"} ${word}`

/** Return how the entries of each pair are related. */
function relatePairs(chosen, entries) {
  const pairs = chosen.flatMap(a => chosen.filter(b => b !== a).map(b => [a, b]))
  return pairs.flatMap(([a, b]) => [
    ...(a.built_on?.includes(b.slug) ? [`${a.title} is built on ${b.title}`] : []),
    ...(entries.listAncestors(a.slug).has(b.slug) ? [`${b.title} is the wider term for ${a.title}`] : []),
  ])
}

/** Return why entries are not comparable and what they share; empty if they are of one kind. */
export function explainKinds(chosen, entries) {
  if (new Set(chosen.map(({ kind }) => kind)).size < 2) return ""
  const kinds = chosen.map(entry => `${entry.title} is ${addArticle(entries.nameKind(entry))}`)
  const said = relatePairs(chosen, entries)
  const [first, ...others] = chosen.map(({ slug }) => entries.listAncestors(slug))
  const common = [...first].filter(slug => others.every(ancestors => ancestors.has(slug)))
  if (common.length) said.push(`all fall under ${joinWords(common.map(slug => entries.getNode(slug).title))}`)
  const shared = said.length
    ? `What can still be said: ${said.join("; ")}.`
    : "The taxonomy holds nothing that they share."
  return `Not comparable because ${joinWords(kinds)}. ${shared}`
}
