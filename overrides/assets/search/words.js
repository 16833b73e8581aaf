// What counts as one word for search: its letters, its forms and spellings, and how much it says. lunr, which stands
// before this in the worker, gives the stemmer and the stop words.

const ASCII = /^\p{ASCII}*$/u
// Words that ask and do not name, beside lunr's stop words; and words that go with any subject.
const ASKING = new Set(
  `vs versus v difference different differ differs between compare compared comparison comparing
  same against better meaning mean means define defined definition stand stands acronym abbreviation explain explained
  about up out much many exactly really actually still exist exists happened`.split(/\s+/),
)
const LONG_ASKING = [...ASKING].filter(word => word.length > 5)
const COMMON = new Set(
  `make makes making made do doing use uses used using thing things something stuff get gets
  getting give gives take takes work works working good best way kind type help need want people example
  tell base based run runs running come comes came call called every all only always`.split(/\s+/),
)
const GOES_WITH_ANY = 0.3
const SPELLINGS = [
  [/is(e|ed|es|er|ers|ing|ation|ations)$/, "iz$1"],
  [/ys(e|ed|es|er|ers|ing)$/, "yz$1"],
  [/our(s|ed|ing|al|ful|ite)?$/, "or$1"],
  [/(?<=[aeiou].*[aeiou])ll(ed|er|ers|ing)$/, "l$1"],
  [/tre(s?)$/, "ter$1"],
  [/ogue(s?)$/, "og$1"],
  [/ence$/, "ense"],
  [/mme(s?)$/, "m$1"],
]
// Endings that make a word of another meaning: person and personality, general and generative, animal and animate.
const APART = /^(alit|e?al|ati(?:ve)|ivit|icat)/
const JOINED = /(ic|ion)$/
const WRITTEN = ["Han", "Kana", "Hira", "Hang"].map(script => `\\p{scx=${script}}`)
const SCRIPTS = new RegExp(`${WRITTEN.join("+|")}+|[^${WRITTEN.join("")}]+`, "gu")
const LONGEST_RUN = 4
const keys = new Map()

/** How much a word says that only asks. */
export const ASKING_WEIGHT = 0.08

export const isAscii = text => ASCII.test(text)

/** Return the sum of some numbers. */
export const addUp = numbers => numbers.reduce((total, number) => total + number, 0)

const stem = word => lunr.stemmer(new lunr.Token(word)).toString()

/** Return a text's words in lower case, without accents and the points of initials; a number keeps its point. */
export function splitWords(text) {
  const plain = isAscii(text)
  const letters = (plain ? text : text.normalize("NFKD")).toLowerCase().replace(/[\u0300-\u036f'’]/g, "")
  const joined = letters.replace(/\b(?:[a-z]\.){2,}/g, initials => initials.replaceAll(".", ""))
  const words = joined.match(/[\p{L}\p{N}]*\d(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? []
  return plain ? words : words.flatMap(word => (isAscii(word) ? word : word.match(SCRIPTS)))
}

/** Return a word without its ending, but for one that makes another word of it; a very short one without a plural's. */
function cutEnding(word) {
  const root = stem(word)
  const lost = word.startsWith(root) ? word.slice(root.length) : ""
  if (root.length < 3) return word.replace(/s$/, "")
  return JOINED.test(root) ? root : root + (lost.match(APART)?.[0] ?? "")
}

/** Return what the forms and spellings of a word share; a short word and one with a digit stays as it is. */
export function stemWord(word) {
  if (!keys.has(word)) {
    const american = SPELLINGS.reduce((form, [from, to]) => (form.length > 4 ? form.replace(from, to) : form), word)
    const root = word.length < 3 || /\d/.test(word) ? word : cutEnding(american)
    // Once more, so that the plural of what ends in -s meets its singular.
    keys.set(word, root.endsWith("s") ? stem(root) : root)
  }
  return keys.get(word)
}

/** Return every run of up to four words as it is written in one, with its place and its size. */
export function listRuns(words) {
  return words.flatMap((_, at) => {
    const sizes = Array.from({ length: Math.min(LONGEST_RUN, words.length - at) }, (_, less) => less + 1)
    return sizes.map(size => ({ word: words.slice(at, at + size).join(""), at, size }))
  })
}

/** Return how much a word says of what is meant, up to 1. */
export function weighWord(word) {
  if (ASKING.has(word) || !lunr.stopWordFilter(word)) return ASKING_WEIGHT
  return COMMON.has(word) ? GOES_WITH_ANY : 1
}

/** Return how many letters were left out, put in, changed or swapped between two words; `most` if it is that or more. */
export function measureDistance(a, b, most = Infinity) {
  if (Math.abs(a.length - b.length) >= most) return most
  let before = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]))
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
      least = Math.min(least, row[j])
    }
    if (least >= most) return most
    before = last
    last = row
  }
  return Math.min(last[b.length], most)
}

/** Return the long word that asks and is a letter away from a misspelt one; undefined if there is none. */
export const findAskingWord = word => LONG_ASKING.find(other => measureDistance(other, word, 2) === 1)
