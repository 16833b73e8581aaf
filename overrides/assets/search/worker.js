// The search worker. It speaks the theme's own protocol: it says when it is ready, and answers each query. The page gives
// it the names, which it fetches while the worker starts.

import { answerQuery } from "./results.js"
import { Search } from "./search.js"

const FILL = -1
const READY = 1
const QUERY = 2
const RESULT = 3

let search
let last
let isFilling = false

/** Answer a query; until the texts are there, with the names alone. */
function answer(text) {
  last = text
  postMessage({ type: RESULT, data: { ...answerQuery(search, text), complete: Boolean(search.texts) } })
}

function addNames(names) {
  search = new Search(JSON.parse(names))
  postMessage({ type: READY })
}

async function addTexts() {
  const file = await fetch("texts.json")
  if (!file.ok) throw new Error(`${file.url}: ${file.status}`)
  await search.addTexts(await file.json())
  if (last) answer(last)
}

/** Throw an error again, outside of its promise, from which it would not reach the page. */
function throwLater(error) {
  setTimeout(() => {
    throw error
  })
}

addEventListener("message", ({ data }) => {
  if (data.type === FILL) addNames(data.data)
  if (data.type !== QUERY) return
  answer(data.data)
  if (!isFilling) addTexts().catch(throwLater)
  isFilling = true
})
