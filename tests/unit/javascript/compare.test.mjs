import assert from "node:assert/strict"
import { test } from "node:test"
import { readData, visit } from "./setup.mjs"

const { parseChoice, writeChosen } = await import("../../../overrides/assets/compare/choice.js")
const { describeOption } = await import("../../../overrides/assets/compare/combobox.js")
const { Entries, rankMatch } = await import("../../../overrides/assets/compare/entries.js")
const { addArticle, explainKinds } = await import("../../../overrides/assets/compare/kinds.js")
const { addView, changeQuery } = await import("../../../overrides/assets/site/state.js")
const { countThings, foldText, joinWords } = await import("../../../overrides/assets/site/text.js")

const entries = new Entries(readData("index.json"))

test("a name matches best at its beginning, then at that of a word", () => {
  assert.deepEqual(
    ["gpt", "chat gpt", "chat-gpt", "chatgpt", "claude"].map(name => rankMatch(name, "gpt")),
    [0, 1, 1, 2, 3],
  )
})

test("entries are found by title and alias, without those that are chosen", () => {
  const find = (text, without) => entries.find(foldText(text), without).map(({ slug }) => slug)
  assert.equal(find("LLM")[0], "large-language-model")
  assert.equal(find("DALL")[0], "dall-e")
  assert.ok(!find("DALL", ["dall-e"]).includes("dall-e"))
  assert.deepEqual(find("zyxwvu"), [])
  assert.equal(find("").length, 50)
})

test("an option says by which alias it was found", () => {
  const entry = entries.get("large-language-model")
  assert.equal(describeOption(entry, "llm", "concept"), "LLM, concept")
  assert.equal(describeOption(entry, "large", "concept"), "concept")
})

test("an address chooses two to four entries, and what it gets wrong is remarked", () => {
  assert.deepEqual(parseChoice("gpt-4,dall-e", entries), { ids: ["gpt-4", "dall-e"], remarks: [] })
  assert.deepEqual(parseChoice(" gpt-4 ,, gpt-4,zyxwvu", entries), {
    ids: ["gpt-4"],
    remarks: [
      "Not in this guide: zyxwvu.",
      "What was named twice is shown once.",
      "Choose something to set beside GPT-4.",
    ],
  })
  const many = [...entries.bySlug.keys()].slice(0, 5)
  const { ids, remarks } = parseChoice(many.join(","), entries)
  assert.deepEqual(ids, many.slice(0, 4))
  assert.deepEqual(remarks, [`At most 4 at a time; left out: ${entries.get(many[4]).title}.`])
})

test("what is chosen is written to the address once, with its commas, and drawn", () => {
  const visited = visit("compare/?sort=a#b")
  let drawn = 0
  addView(() => {
    drawn += 1
  })
  writeChosen(["gpt-4", "dall-e"])
  writeChosen(["gpt-4", "dall-e"])
  writeChosen([])
  assert.deepEqual(visited, ["/compare/?sort=a&ids=gpt-4,dall-e#b", "/compare/?sort=a#b"])
  changeQuery(query => query.delete("sort"))
  assert.equal(visited.at(-1), "/compare/#b")
  assert.equal(drawn, 4)
})

test("two entries lead to the page that compares them, in either order", () => {
  const [url] = entries.index.pairs
  const slugs = url.split("/")[1].split("-vs-")
  assert.equal(entries.findPair(slugs), url)
  assert.equal(entries.findPair(slugs.toReversed()), url)
  assert.equal(entries.findPair(["gpt-4", "gpt-4"]), undefined)
  assert.match(entries.suggestPair(), /^Such as .+ and .+$/)
})

test("entries of different kinds are not comparable, and what they share is said", () => {
  const choose = (...slugs) => slugs.map(slug => entries.get(slug))
  assert.equal(explainKinds(choose("gpt-4", "gpt-4"), entries), "")
  const said = explainKinds(choose("dall-e", "large-language-model"), entries)
  assert.match(said, /^Not comparable because DALL.E is an? \w+ and Large language model is an? \w+\. /)
})

test("articles follow the sound of a word", () => {
  const words = ["system", "application", "unit", "hour", "European", "umbrella", "one-off"]
  assert.deepEqual(
    words.map(word => addArticle(word.toLowerCase()).split(" ")[0]),
    ["a", "an", "a", "an", "a", "an", "a"],
  )
})

test("words are listed and counted as in a sentence", () => {
  assert.equal(joinWords(["a", "b", "c"]), "a, b and c")
  assert.equal(joinWords(["a"]), "a")
  assert.equal(countThings(1, "entries"), "1 entry")
  assert.equal(countThings(0, "claims"), "0 claims")
})
