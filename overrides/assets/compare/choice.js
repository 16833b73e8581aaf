// What is chosen, as the address says it.

import { changeQuery, readQuery } from "../site/state.js"
import { joinWords } from "../site/text.js"

export const MOST_CHOSEN = 4

/** Return the ids that a list names, as they are written. */
const splitIds = list =>
  list
    .split(",")
    .map(id => id.trim())
    .filter(Boolean)

/** Return what a list of ids chooses among the entries, and remarks on what it does not. */
export function parseChoice(list, entries) {
  const named = splitIds(list)
  const wanted = [...new Set(named)]
  const known = wanted.filter(id => entries.has(id))
  const unknown = wanted.filter(id => !entries.has(id))
  const ids = known.slice(0, MOST_CHOSEN)
  const extra = known.slice(MOST_CHOSEN).map(id => entries.get(id).title)
  const remarks = [
    unknown.length && `Not in this guide: ${joinWords(unknown)}.`,
    named.length > wanted.length && "What was named twice is shown once.",
    extra.length && `At most ${MOST_CHOSEN} at a time; left out: ${joinWords(extra)}.`,
    ids.length === 1 && `Choose something to set beside ${entries.get(ids[0]).title}.`,
  ]
  return { ids, remarks: remarks.filter(Boolean) }
}

/** Return the list of ids of the address. */
export const readList = () => readQuery().get("ids") ?? ""

/** Return the ids of the entries that are chosen. */
export const readChosen = entries => parseChoice(readList(), entries).ids

/** Choose entries by their ids. */
export const writeChosen = ids =>
  changeQuery(query => (ids.length ? query.set("ids", ids.join(",")) : query.delete("ids")))
