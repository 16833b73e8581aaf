// What things are typed as beside their names as they are written: by what means the same, in one word, by initials.

import { ASKING_WEIGHT, listRuns, splitWords, stemWord, weighWord } from "./words.js"

const parsed = new Map()

/** Return a name's words and what each tells; made once. */
export function parseName(name) {
  if (!parsed.has(name)) {
    const words = splitWords(name)
    parsed.set(name, { words, typed: words.join(" "), weights: words.map(weighWord) })
  }
  return parsed.get(name)
}

/** Return the words of each name of a document. */
const listNames = ({ title, names }) => [title, ...names].map(name => parseName(name).words)

const filterEntries = docs => docs.filter(({ sort }) => sort === "entry")

function addTo(lists, key, item) {
  lists.set(key, [...(lists.get(key) ?? []), item])
}

/** What the names of some documents make of words that are typed; each sort is made when it is first asked for. */
export class Meanings {
  constructor(docs, synonyms) {
    const makers = {
      synonyms: () => mapSynonyms(synonyms),
      shorts: () => mapShorts(docs),
      joined: () => mapJoined(docs),
      initials: () => mapInitials(docs),
      pairs: () => mapNeighbors(docs),
      entries: () => mapEntries(docs),
    }
    for (const [sort, make] of Object.entries(makers)) {
      const get = () => Object.defineProperty(this, sort, { value: make() })[sort]
      Object.defineProperty(this, sort, { get, configurable: true })
    }
  }
}

/** Return for each word the words that mean the same, all by their keys. */
function mapSynonyms(groups) {
  const found = new Map()
  for (const keys of groups.map(group => group.map(stemWord))) {
    for (const key of keys) found.set(key, [...(found.get(key) ?? []), ...keys.filter(other => other !== key)])
  }
  return found
}

/** Return for each name of several words, by their keys, the names in one word beside it. */
function mapShorts(docs) {
  const found = new Map()
  for (const names of docs.filter(doc => !doc.sides).map(listNames)) {
    const shorts = names.filter(words => words.length === 1).flat()
    const long = shorts.length ? names.filter(words => words.length > 1) : []
    for (const words of long) found.set(words.map(stemWord).join(" "), shorts)
  }
  return found
}

/** Return for each two to four words of a name in one, these words. */
function mapJoined(docs) {
  const found = new Map()
  for (const words of filterEntries(docs).flatMap(listNames)) {
    for (const { word, at, size } of listRuns(words)) if (size > 1) found.set(word, words.slice(at, at + size))
  }
  return found
}

/** Return for each word of a name the words before and after it. */
function mapNeighbors(docs) {
  const before = new Map()
  const after = new Map()
  for (const words of filterEntries(docs).flatMap(listNames)) {
    for (const [at, word] of words.slice(1).entries()) {
      addTo(before, word, words[at])
      addTo(after, words[at], word)
    }
  }
  return { before, after }
}

/** Return for the initials of one entry's names of several words, "to" as a letter or a digit, these words. */
function mapInitials(docs) {
  const found = new Map()
  const shorten = (words, to) => words.map(word => (word === "to" ? to : word[0])).join("")
  const tells = word => word === "to" || weighWord(word) > ASKING_WEIGHT
  for (const doc of filterEntries(docs)) {
    for (const words of listNames(doc).filter(words => words.length > 1 && words.every(tells))) {
      for (const to of ["t", "2"]) addTo(found, shorten(words, to), { doc, words })
    }
  }
  const unique = [...found].filter(([, meant]) => meant.every(({ doc }) => doc === meant[0].doc))
  return new Map(unique.map(([short, [{ words }]]) => [short, words]))
}

/** Return the entries by their names in one word, as they are written, else by their keys; titles before aliases. */
function mapEntries(docs) {
  const entries = filterEntries(docs)
  const join = (name, form) => parseName(name).words.map(form).join("")
  const titles = entries.map(doc => [doc.title, doc])
  const aliases = entries.flatMap(doc => doc.names.map(name => [name, doc]))
  const mapNames = form => [...aliases, ...titles].map(([name, doc]) => [join(name, form), doc])
  return new Map([...mapNames(stemWord), ...mapNames(word => word)])
}
