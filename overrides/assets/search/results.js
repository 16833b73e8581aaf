// What was found, as the theme wants it to draw it. It takes titles, texts and tags for HTML, so that all is escaped.

import { isAscii, splitWords } from "./words.js"

const MOST = 30
const MOST_PASSAGES = 3
const MOST_TERMS = 8
const SNIPPET = 180 // characters
const BEFORE = 40 // characters of a snippet before the first word found
const LEAST = 0.15 // of the best total
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }
const WORD = /[\p{L}\p{N}]*\d(?:\.\d+)+|[\p{L}\p{N}\p{M}]+/gu

const escapeHtml = text => text.replace(/[&<>"']/g, char => ENTITIES[char])

const normalizeWord = word => (isAscii(word) ? word.toLowerCase() : splitWords(word)[0])

/** Return where the words that were found stand in a text. */
const findPlaces = (text, words) => [...text.matchAll(WORD)].filter(([word]) => words.has(normalizeWord(word)))

/** Return a text as HTML in which the words that were found are marked. */
export function markWords(text, words) {
  let html = ""
  let end = 0
  for (const { 0: word, index } of findPlaces(text, words)) {
    html += `${escapeHtml(text.slice(end, index))}<mark>${escapeHtml(word)}</mark>`
    end = index + word.length
  }
  return (html + escapeHtml(text.slice(end))).replace(/<\/mark>(\s+)<mark>/g, "$1")
}

/** Return the part of a text that has most of the words that were found. */
export function cutSnippet(text, words) {
  const starts = findPlaces(text, words).map(({ index }) => index)
  const countWithin = start => starts.filter(place => place >= start && place < start + SNIPPET).length
  const densest = starts.reduce(
    (best, start) => (countWithin(start) > countWithin(best) ? start : best),
    starts[0] ?? 0,
  )
  const start = densest < BEFORE ? 0 : text.indexOf(" ", densest - BEFORE) + 1
  const end = text.indexOf(" ", start + SNIPPET)
  return `${start ? "… " : ""}${text.slice(start, end < 0 ? undefined : end)}${end < 0 ? "" : " …"}`
}

/** Return the words that the theme marks on a page; what the chooser draws comes too late for it. */
function listTerms(location, words) {
  const terms = location.includes("?") ? [] : [...words].filter(word => word.length > 2)
  return Object.fromEntries(terms.slice(0, MOST_TERMS).map(word => [word, true]))
}

/** Return a result or a part of one. */
const makeItem = (location, title, text, words, score) => ({
  location,
  score,
  title: markWords(title, words),
  text: text && `<p>${markWords(text, words)}</p>`,
  terms: listTerms(location, words),
})

/** Return the page above a part of it. */
function makeHome({ at, title }) {
  return { location: at, score: 0, title: `<span class="search-home">${escapeHtml(title)}</span>`, text: "", terms: {} }
}

/** Return a page and the passages of it, or a part of a page under that page. */
function makeResult({ doc, total, passages, words }, search) {
  const tags = doc.labels.map(([label, style]) => `<span class="${escapeHtml(style)}">${escapeHtml(label)}</span>`)
  const found = { ...makeItem(doc.at, doc.title, doc.summary, words, total), ...(tags.length && { tags }) }
  if (doc.at.includes("#")) return [found, makeHome(search.findPage(doc.at))]
  const best = passages.slice(0, MOST_PASSAGES).filter(({ section }) => section.at !== doc.at)
  const makePart = ({ at, heading, text }, score) => makeItem(at, heading, cutSnippet(text, words), words, score)
  return [found, ...best.map(({ section, score }) => makePart(section, (total * score) / 2))]
}

/** Return the name that goes on as what was typed does, from its last word. */
export function suggestName(text, hits) {
  const last = text.match(/[^\s-]*$/)[0]
  const goesOn = name => name.toLowerCase().startsWith(text.toLowerCase())
  const names = hits.slice(0, 3).flatMap(({ doc }) => [doc.title, ...doc.names])
  const name = last && names.find(goesOn)
  return name ? [last + name.slice(text.length)] : []
}

/** Return the answer to what was typed. */
export function answerQuery(search, text) {
  const { hits, query } = search.find(text)
  const near = hits.filter(({ total }) => total >= LEAST * hits[0].total)
  const items = near.slice(0, MOST).map(hit => makeResult(hit, search))
  return { items, suggest: suggestName(text, hits), meant: query.meant, more: near.length > MOST }
}
