import assert from "node:assert/strict"
import { test } from "node:test"
import { visit } from "./setup.mjs"

visit("")
const { formatReport } = await import("../../../overrides/assets/tables/cell_dialog.js")
const { findNextCell } = await import("../../../overrides/assets/tables/grid.js")
const { countShown } = await import("../../../overrides/assets/tables/panel.js")
const { compareSortKeys } = await import("../../../overrides/assets/tables/sorting.js")
const { parseNumber } = await import("../../../overrides/assets/tables/values.js")

test("a number is read with its scale, or near the beginning of a text", () => {
  const texts = { "1.8 trillion": 1.8e12, "7B": 7e9, "about 175 billion parameters": 175e9, "12,288": 12288, "≥ 3": 3 }
  for (const [text, number] of Object.entries(texts)) assert.equal(parseNumber(text), number, text)
  assert.ok(Number.isNaN(parseNumber("not disclosed")))
  assert.equal(parseNumber("5 models"), 5)
})

test("what has no number, then what has no value, stays last in either direction", () => {
  const keys = [{ rank: 2 }, { rank: 0, value: 30 }, { rank: 1 }, { rank: 0, value: 7 }]
  const sort = isDescending =>
    keys.toSorted((a, b) => compareSortKeys(a, b, isDescending)).map(key => key.value ?? -key.rank)
  assert.deepEqual(sort(false), [7, 30, -1, -2])
  assert.deepEqual(sort(true), [30, 7, -1, -2])
})

test("texts sort without case and accents, their numbers by size", () => {
  const texts = ["GPT-10", "élan", "gpt-9", "Eland"]
  const keys = texts.map(value => ({ rank: 0, value }))
  assert.deepEqual(
    keys.toSorted((a, b) => compareSortKeys(a, b, false)).map(({ value }) => value),
    ["élan", "Eland", "gpt-9", "GPT-10"],
  )
})

/** Return the cells of a table as the keyboard finds them: rows of cells, some of which are hidden. */
function makeCells(hidden = []) {
  const body = { rows: [] }
  for (let row = 0; row < 3; row++) {
    const line = { cells: [], hidden: hidden.includes(`row ${row}`) }
    for (let column = 0; column < 3; column++) {
      const name = `${row}${column}`
      line.cells.push({ name, hidden: hidden.includes(name[1]), parentElement: line, closest: () => body })
    }
    body.rows.push(line)
  }
  return Object.fromEntries(body.rows.flatMap(({ cells }) => cells).map(cell => [cell.name, cell]))
}

test("arrow keys, Home and End move within a table and stay in it", () => {
  const cells = makeCells()
  const moves = [
    ["11", "ArrowLeft", false, "10"],
    ["10", "ArrowLeft", false, undefined],
    ["11", "ArrowRight", false, "12"],
    ["12", "ArrowRight", false, undefined],
    ["11", "ArrowUp", false, "01"],
    ["01", "ArrowUp", false, "01"],
    ["21", "ArrowDown", false, "21"],
    ["11", "Home", false, "10"],
    ["11", "End", false, "12"],
    ["11", "Home", true, "00"],
    ["11", "End", true, "22"],
    ["11", "a", false, undefined],
  ]
  for (const [from, key, isControl, to] of moves) {
    assert.equal(findNextCell(cells[from], key, isControl)?.name, to, `${key} from ${from}`)
  }
})

test("hidden rows and columns are passed over", () => {
  const cells = makeCells(["row 1", "1"])
  assert.equal(findNextCell(cells["00"], "ArrowRight").name, "02")
  assert.equal(findNextCell(cells["00"], "ArrowDown").name, "20")
})

test("a toolbar's foot says how many are shown", () => {
  assert.equal(countShown("3 of 9 entries shown, sorted by Name, ascending"), "3 entries")
  assert.equal(countShown("1 of 9 entries shown"), "1 entry")
  assert.equal(countShown("1 of 2 claims shown"), "1 claim")
})

test("a report is filled in and escaped", () => {
  const address = formatReport("https://a.example/{form}?t={title}&u={url}", { form: "f", title: "a & b", url: "c#d" })
  assert.equal(address, "https://a.example/f?t=a%20%26%20b&u=c%23d")
})
