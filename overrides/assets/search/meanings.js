// What things are typed as beside their names as they are written: by what means the same, in one word, by initials.
"use strict"

const PARSED = new Map()

/** A name's words and what each tells; made once. */
function parsed(name) {
  if (!PARSED.has(name)) {
    const list = Words.split(name)
    PARSED.set(name, { list, typed: list.join(" "), weights: list.map(Words.weight) })
  }
  return PARSED.get(name)
}

/** The words of each name of a document. */
const namesOf = ({ title, names }) => [title, ...names].map(name => parsed(name).list)

/** What the names of some documents make of words that are typed; each sort is made when it is first asked for. */
class Meanings {
  constructor(docs, synonyms) {
    const makers = {
      synonyms: () => synonymsOf(synonyms), shorts: () => shortsOf(docs), joined: () => joinedOf(docs),
      initials: () => initialsOf(docs), pairs: () => pairsOf(docs), entries: () => entriesOf(docs),
    }
    for (const [sort, make] of Object.entries(makers)) {
      const get = () => Object.defineProperty(this, sort, { value: make() })[sort]
      Object.defineProperty(this, sort, { get, configurable: true })
    }
  }
}

/** For each word the words that mean the same, all by their keys. */
function synonymsOf(groups) {
  const found = new Map()
  for (const keys of groups.map(group => group.map(Words.key))) {
    for (const key of keys) found.set(key, [...(found.get(key) ?? []), ...keys.filter(other => other !== key)])
  }
  return found
}

/** For each name of several words, by their keys, the names in one word beside it. */
function shortsOf(docs) {
  const found = new Map()
  for (const lists of docs.filter(doc => !doc.sides).map(namesOf)) {
    const shorts = lists.filter(list => list.length === 1).flat()
    const long = shorts.length ? lists.filter(list => list.length > 1) : []
    for (const list of long) found.set(list.map(Words.key).join(" "), shorts)
  }
  return found
}

const entriesIn = docs => docs.filter(({ sort }) => sort === "entry")

/** For each two to four words of a name in one, these words. */
function joinedOf(docs) {
  const found = new Map()
  for (const list of entriesIn(docs).flatMap(namesOf)) {
    for (const { word, at, size } of Words.runs(list)) if (size > 1) found.set(word, list.slice(at, at + size))
  }
  return found
}

/** For each word of a name the words before and after it. */
function pairsOf(docs) {
  const before = new Map(), after = new Map(), add = (map, key, word) => map.set(key, [...map.get(key) ?? [], word])
  for (const list of entriesIn(docs).flatMap(namesOf)) {
    for (const [at, word] of list.slice(1).entries()) {
      add(before, word, list[at])
      add(after, list[at], word)
    }
  }
  return { before, after }
}

/** For the initials of one entry's names of several words, "to" as a letter or a digit, these words. */
function initialsOf(docs) {
  const found = new Map(), letters = (list, to) => list.map(word => word === "to" ? to : word[0]).join("")
  const told = word => word === "to" || Words.weight(word) > Words.ASKS
  for (const doc of entriesIn(docs)) {
    const lists = namesOf(doc).filter(list => list.length > 1 && list.every(told))
    for (const list of lists) for (const short of [letters(list, "t"), letters(list, "2")]) {
      found.set(short, [...found.get(short) ?? [], { doc, list }])
    }
  }
  const unique = [...found].filter(([, of]) => of.every(({ doc }) => doc === of[0].doc))
  return new Map(unique.map(([short, [{ list }]]) => [short, list]))
}

/** The entries by their names in one word, as they are written, else by their keys; titles before aliases. */
function entriesOf(docs) {
  const entries = entriesIn(docs), joined = (name, form) => parsed(name).list.map(form).join("")
  const titles = entries.map(doc => [doc.title, doc])
  const aliases = entries.flatMap(doc => doc.names.map(name => [name, doc]))
  const named = form => [...aliases, ...titles].map(([name, doc]) => [joined(name, form), doc])
  return new Map([...named(Words.key), ...named(word => word)])
}
