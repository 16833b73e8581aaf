import assert from "node:assert/strict"
import { before, test } from "node:test"
import { readData } from "./setup.mjs"

const { analyzeWords } = await import("../../../overrides/assets/search/question.js")
const { answerQuery, cutSnippet, markWords } = await import("../../../overrides/assets/search/results.js")
const { Search } = await import("../../../overrides/assets/search/search.js")
const { listRuns, measureDistance, splitWords, stemWord, weighWord } = await import(
  "../../../overrides/assets/search/words.js"
)

let search

before(async () => {
  search = new Search(readData("names.json"))
  await search.addTexts(readData("texts.json"))
})

const findTitles = query => search.find(query).hits.map(({ doc }) => doc.title)

for (const words of [
  "person personality",
  "general generative generator",
  "product productivity",
  "animal animation",
  "community communication",
  "audio audioseal",
  "us use",
  "file filled",
]) {
  test(`words of other meanings are kept apart: ${words}`, () => {
    const keys = words.split(" ").map(stemWord)
    assert.equal(new Set(keys).size, keys.length)
  })
}

for (const words of [
  "personal personalized personalisation",
  "generate generated generation generator",
  "animate animated animation",
  "bias biases biased",
  "model modelling modeling",
  "quality qualities",
  "music musical",
]) {
  test(`forms and spellings of a word are joined: ${words}`, () => {
    assert.equal(new Set(words.split(" ").map(stemWord)).size, 1)
  })
}

test("a text is split into words without case, accents and the points of initials", () => {
  assert.deepEqual(splitWords("Café: the U.S. GPT-3.5, can’t"), ["cafe", "the", "us", "gpt", "3.5", "cant"])
  assert.deepEqual(splitWords("生成AI"), ["生成", "ai"])
})

test("runs are the words that may be written as one", () => {
  const runs = listRuns(["stable", "diffusion", "xl"]).map(({ word, at, size }) => [word, at, size])
  assert.deepEqual(runs.slice(0, 3), [
    ["stable", 0, 1],
    ["stablediffusion", 0, 2],
    ["stablediffusionxl", 0, 3],
  ])
  assert.equal(runs.length, 6)
})

test("letters left out, put in, changed or swapped count one each", () => {
  const pairs = { tranformer: 1, transformeer: 1, trensformer: 1, tarnsformer: 1, transformers: 1, tranfromer: 2 }
  for (const [word, distance] of Object.entries(pairs))
    assert.equal(measureDistance(word, "transformer"), distance, word)
  assert.equal(measureDistance("gan", "transformer", 3), 3)
})

test("words that ask say less than words that name", () => {
  assert.ok(weighWord("difference") < weighWord("thing"))
  assert.ok(weighWord("thing") < weighWord("diffusion"))
})

test("a query is told by how it is put", () => {
  assert.deepEqual(analyzeWords(splitWords("difference between gan and vae")), {
    compares: true,
    tellsApart: true,
    endsComparing: false,
    telling: 2,
    subject: -1,
    states: false,
  })
  assert.ok(analyzeWords(splitWords("gan vs")).endsComparing)
  assert.equal(analyzeWords(splitWords("is bloom open source")).subject, 1)
  assert.ok(analyzeWords(splitWords("ai knows everything")).states)
})

test("a name comes first, whether it is typed in full, short, as one word, begun or misspelt", () => {
  const wanted = {
    "large language model": "Large language model",
    llm: "Large language model",
    "stable diffusion": "Stable Diffusion",
    stablediffusion: "Stable Diffusion",
    midjour: "Midjourney",
    halucination: "Hallucination",
  }
  for (const [query, title] of Object.entries(wanted)) assert.equal(findTitles(query)[0], title, query)
})

test("two names ask for their comparison, also one that has no page", () => {
  assert.equal(search.find("chatgpt vs gpt-4").hits[0].doc.sort, "comparison")
  const [hit] = search.find("difference between ai and ml").hits
  assert.equal(hit.doc.at, "compare/?ids=artificial-intelligence,machine-learning")
})

test("a misspelt name is offered as it may have been meant", () => {
  assert.equal(answerQuery(search, "tranformer architecture").meant, "transformer architecture")
  assert.equal(answerQuery(search, "transformer architecture").meant, "")
})

test("what is begun is suggested from its last word", () => {
  assert.deepEqual(answerQuery(search, "large lang").suggest, ["language model"])
})

test("results are escaped and mark what was found", () => {
  assert.equal(markWords("<b>A GAN</b> & GANs", new Set(["gan"])), "&lt;b&gt;A <mark>GAN</mark>&lt;/b&gt; &amp; GANs")
  const text = `${"word ".repeat(60)}diffusion ${"word ".repeat(60)}`
  assert.match(cutSnippet(text, new Set(["diffusion"])), /^… .*diffusion.* …$/)
})

test("a section of a text is listed below its page", () => {
  const { items } = answerQuery(search, "temperature sampling")
  assert.ok(items.length > 0 && items.length <= 30)
  for (const [page, ...parts] of items) for (const part of parts) assert.ok(part.score <= page.score)
})
