// Texts as they are compared, listed and counted.

export const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true })

/** Return a text without case, accents and outer space, to compare it with what is typed. */
export const foldText = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim()

/** Return words as a list in a sentence: "a, b and c". */
export const joinWords = words =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`

/** Return a number with what is counted, given in the plural: "1 entry", "2 entries". */
export const countThings = (count, things) =>
  `${count} ${count === 1 ? things.replace(/ies$/, "y").replace(/s$/, "") : things}`
