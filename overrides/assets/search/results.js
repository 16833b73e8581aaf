// What was found, as the theme wants it to draw it. It takes titles, texts and tags for HTML, so that all is escaped.
"use strict"

const MOST = 30, MOST_PASSAGES = 3, MOST_TERMS = 8, SNIPPET = 180, BEFORE = 40, LEAST = 0.15
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
const WORD = /[\p{L}\p{N}]*\d(?:\.\d+)+|[\p{L}\p{N}\p{M}]+/gu

const escaped = text => text.replace(/[&<>"']/g, char => ENTITIES[char])

const spelled = word => ASCII.test(word) ? word.toLowerCase() : Words.split(word)[0]

/** Where the words that were found stand in a text. */
const places = (text, words) => [...text.matchAll(WORD)].filter(([word]) => words.has(spelled(word)))

/** A text as HTML in which the words that were found are marked. */
function marked(text, words) {
  let html = "", end = 0
  for (const { 0: word, index } of places(text, words)) {
    html += `${escaped(text.slice(end, index))}<mark>${escaped(word)}</mark>`
    end = index + word.length
  }
  return (html + escaped(text.slice(end))).replace(/<\/mark>(\s+)<mark>/g, "$1")
}

/** The part of a text that has most of the words that were found. */
function snippet(text, words) {
  const starts = places(text, words).map(({ index }) => index)
  const within = start => starts.filter(place => place >= start && place < start + SNIPPET).length
  const densest = starts.reduce((best, start) => within(start) > within(best) ? start : best, starts[0] ?? 0)
  const start = densest < BEFORE ? 0 : text.indexOf(" ", densest - BEFORE) + 1
  const end = text.indexOf(" ", start + SNIPPET)
  return `${start ? "… " : ""}${text.slice(start, end < 0 ? undefined : end)}${end < 0 ? "" : " …"}`
}

/** The words that the theme marks on a page; what the chooser draws comes too late for it. */
const terms = (location, words) =>
  location.includes("?") ? [] : [...words].filter(word => word.length > 2).slice(0, MOST_TERMS)

/** A result or a part of one. */
const item = (location, title, text, words, score) => ({
  location, score, title: marked(title, words), text: text && `<p>${marked(text, words)}</p>`,
  terms: Object.fromEntries(terms(location, words).map(word => [word, true])),
})

/** A page and the passages of it, or a part of a page under that page. */
function result({ doc, total, passages, words }, search) {
  const tags = doc.labels.map(([label, style]) => `<span class="${escaped(style)}">${escaped(label)}</span>`)
  const found = { ...item(doc.at, doc.title, doc.summary, words, total), ...tags.length && { tags } }
  if (doc.at.includes("#")) return [found, home(search.page(doc.at))]
  const best = passages.slice(0, MOST_PASSAGES).filter(({ section }) => section.at !== doc.at)
  const part = ({ at, heading, text }, score) => item(at, heading, snippet(text, words), words, score)
  return [found, ...best.map(({ section, score }) => part(section, total * score / 2))]
}

/** The page above a part of it. */
const home = ({ at, title }) => ({
  location: at, score: 0, title: `<span class="search-home">${escaped(title)}</span>`, text: "", terms: {},
})

/** The name that goes on as what was typed does, from its last word. */
function suggestion(text, hits) {
  const last = text.match(/[^\s-]*$/)[0], goesOn = name => name.toLowerCase().startsWith(text.toLowerCase())
  const name = last && hits.slice(0, 3).flatMap(({ doc }) => [doc.title, ...doc.names]).find(goesOn)
  return name ? [last + name.slice(text.length)] : []
}

/** The answer to what was typed. */
function present(search, text) {
  const { hits, query } = search.find(text)
  const near = hits.filter(({ total }) => total >= LEAST * hits[0].total), items = near.slice(0, MOST)
  const more = near.length > MOST
  return { items: items.map(hit => result(hit, search)), suggest: suggestion(text, hits), meant: query.meant, more }
}
