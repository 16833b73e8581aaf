// The entries that can be compared, from the index of the chooser.

import { collator, foldText, joinWords } from "../site/text.js"

const MOST_FOUND = 50

/** Return how a name matches a folded text: 0 at its beginning, 1 at a word's, 2 within one, 3 not at all. */
export function rankMatch(name, text) {
  if (name.startsWith(text)) return 0
  if (name.includes(` ${text}`) || name.includes(`-${text}`)) return 1
  return name.includes(text) ? 2 : 3
}

export class Entries {
  constructor(index) {
    this.index = index
    const names = entry => [entry.title, ...(entry.aliases ?? [])].map(foldText)
    this.bySlug = new Map(index.entries.map(entry => [entry.slug, { ...entry, names: names(entry) }]))
  }

  has(slug) {
    return this.bySlug.has(slug)
  }

  get(slug) {
    return this.bySlug.get(slug)
  }

  /** Return an entry or a class of the taxonomy. */
  getNode(slug) {
    return this.bySlug.get(slug) ?? this.index.classes[slug]
  }

  getKind(entry) {
    return this.index.kinds[entry.kind]
  }

  /** Return the word for a kind of entry, within a sentence. */
  nameKind(entry) {
    return this.getKind(entry).label.toLowerCase()
  }

  /** Return all that something is a kind of, the nearest first. */
  listAncestors(slug) {
    return new Set((this.getNode(slug).is_a ?? []).flatMap(parent => [parent, ...this.listAncestors(parent)]))
  }

  /** Return the entries that are typed by a folded text, best first; titles count a little more than aliases. */
  find(text, without = []) {
    const rank = ({ names }) => Math.min(...names.map((name, index) => rankMatch(name, text) + (index && 0.5)))
    const others = [...this.bySlug.values()].filter(({ slug }) => !without.includes(slug))
    const ranked = others.map(entry => ({ entry, rank: rank(entry) })).filter(({ rank }) => rank < 3)
    ranked.sort((a, b) => a.rank - b.rank || collator.compare(a.entry.title, b.entry.title))
    return ranked.slice(0, MOST_FOUND).map(({ entry }) => entry)
  }

  /** Return the address of the page that compares two entries, if there is one. */
  findPair(slugs) {
    const own = `compare/${[...slugs].sort().join("-vs-")}/`
    return slugs.length === 2 ? this.index.pairs.find(url => url === own) : undefined
  }

  /** Return two short titles that are compared on a page, as an example; empty if there are none. */
  suggestPair() {
    const pairs = this.index.pairs.map(url =>
      url
        .split("/")[1]
        .split("-vs-")
        .map(slug => this.get(slug)?.title),
    )
    const texts = pairs.filter(titles => titles.every(Boolean)).map(joinWords)
    return texts.length ? `Such as ${texts.reduce((least, text) => (text.length < least.length ? text : least))}` : ""
  }
}
