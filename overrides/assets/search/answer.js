// The search worker speaks the theme's own protocol: it says when it is ready, and answers each query. The page gives it
// the names, which it fetches while the worker starts.
"use strict"

const FILL = -1, READY = 1, QUERY = 2, RESULT = 3

let search, last, texts

/** Answers a query; until the texts are there, with the names alone. */
function answer(text) {
  last = text
  postMessage({ type: RESULT, data: { ...present(search, text), complete: Boolean(search.texts) } })
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

/** Throws an error again, outside of its promise, from which it would not reach the page. */
const fail = error => setTimeout(() => { throw error })

addEventListener("message", ({ data }) => {
  if (data.type === FILL) addNames(data.data)
  if (data.type !== QUERY) return
  answer(data.data)
  texts ??= addTexts().catch(fail)
})
