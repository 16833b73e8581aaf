// The search worker speaks the theme's own protocol: it says when it is ready, and answers each query.
"use strict"

const READY = 1, QUERY = 2, RESULT = 3

/** The data of a file beside this one. */
async function load(name) {
  const answer = await fetch(name)
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`)
  return answer.json()
}

let search, last, texts

/** Answers a query; until the texts are there, with the names alone. */
function answer(text) {
  last = text
  postMessage({ type: RESULT, data: { ...present(search, text), complete: Boolean(search.texts) } })
}

async function addNames() {
  search = new Search(await load("names.json"))
  postMessage({ type: READY })
}

async function addTexts() {
  search.addTexts(await load("texts.json"))
  if (last) answer(last)
}

/** Throws an error again, outside of its promise, from which it would not reach the page. */
const fail = error => setTimeout(() => { throw error })

addEventListener("message", ({ data }) => {
  if (data.type !== QUERY) return
  answer(data.data)
  texts ??= addTexts().catch(fail)
})
addNames().catch(fail)
