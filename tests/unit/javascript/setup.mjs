// What the scripts find in a browser: the library before the search worker, and an address with its history.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)
const { GUIDE_DATA, LUNR } = process.env

globalThis.lunr = require(LUNR)

/** Read a data file of the real guide. */
export const readData = name => JSON.parse(readFileSync(`${GUIDE_DATA}/${name}`, "utf8"))

/** Put a page at an address, whose query scripts read and change; return the addresses that follow. */
export function visit(address) {
  const visited = []
  globalThis.location = new URL(address, "https://guide.example/")
  globalThis.history = {
    pushState: (_, __, next) => {
      visited.push(next)
      globalThis.location = new URL(next, globalThis.location)
    },
  }
  return visited
}
