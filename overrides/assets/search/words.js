// What counts as one word for search: its letters, its forms and spellings, and how much it says.
"use strict"

const ASCII = /^[\x00-\x7f]*$/

const sum = list => list.reduce((total, value) => total + value, 0)

const Words = (() => {
  // Words that ask and do not name, beside lunr's stop words; and words that go with any subject.
  const ASKING = new Set(`vs versus v difference different differ differs between compare compared comparison comparing
    same against better meaning mean means define defined definition stand stands acronym abbreviation explain explained
    about up out much many exactly really actually still exist exists happened`.split(/\s+/))
  const LONG_ASKING = [...ASKING].filter(word => word.length > 5)
  const COMMON = new Set(`make makes making made do doing use uses used using thing things something stuff get gets
    getting give gives take takes work works working good best way kind type help need want people example
    tell base based run runs running come comes came call called every all only always`.split(/\s+/))
  const ASKS = 0.08, GOES_WITH_ANY = 0.3
  const SPELLINGS = [
    [/is(e|ed|es|er|ers|ing|ation|ations)$/, "iz$1"], [/ys(e|ed|es|er|ers|ing)$/, "yz$1"],
    [/our(s|ed|ing|al|ful|ite)?$/, "or$1"], [/(?<=[aeiou].*[aeiou])ll(ed|er|ers|ing)$/, "l$1"], [/tre(s?)$/, "ter$1"],
    [/ogue(s?)$/, "og$1"], [/ence$/, "ense"], [/mme(s?)$/, "m$1"],
  ]
  // Endings that make a word of another meaning: person and personality, general and generative, animal and animate.
  const APART = /^(alit|e?al|ati(?:ve)|ivit|icat)/, JOINED = /(ic|ion)$/
  const WRITTEN = ["Han", "Kana", "Hira", "Hang"].map(script => `\\p{scx=${script}}`)
  const SCRIPTS = new RegExp(`${WRITTEN.join("+|")}+|[^${WRITTEN.join("")}]+`, "gu")
  const LONGEST = 4
  const keys = new Map()
  const stem = word => lunr.stemmer(new lunr.Token(word)).toString()

  /** A text's words in lower case, without accents and the points of initials; a number keeps its point. */
  function split(text) {
    const plain = ASCII.test(text)
    const letters = (plain ? text : text.normalize("NFKD")).toLowerCase().replace(/[\u0300-\u036f'’]/g, "")
    const words = letters.replace(/\b(?:[a-z]\.){2,}/g, initials => initials.replaceAll(".", ""))
      .match(/[\p{L}\p{N}]*\d(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? []
    return plain ? words : words.flatMap(word => ASCII.test(word) ? word : word.match(SCRIPTS))
  }

  /** A word without its ending, but for one that makes another word of it; a very short one without a plural's. */
  function stemmed(word) {
    const root = stem(word), lost = word.startsWith(root) ? word.slice(root.length) : ""
    if (root.length < 3) return word.replace(/s$/, "")
    return JOINED.test(root) ? root : root + (lost.match(APART)?.[0] ?? "")
  }

  /** What the forms and spellings of a word share; a short word and one with a digit is a name and stays as it is. */
  function key(word) {
    if (!keys.has(word)) {
      const american = SPELLINGS.reduce((form, [from, to]) => form.length > 4 ? form.replace(from, to) : form, word)
      const root = word.length < 3 || /\d/.test(word) ? word : stemmed(american)
      // Once more, so that the plural of what ends in -s meets its singular.
      keys.set(word, root.endsWith("s") ? stem(root) : root)
    }
    return keys.get(word)
  }

  /** Every run of up to four words as it is written in one, with its place and its size. */
  const runs = list => list.flatMap((_, at) => Array.from({ length: Math.min(LONGEST, list.length - at) },
    (_, more) => ({ word: list.slice(at, at + more + 1).join(""), at, size: more + 1 })))

  /** How much a word says of what is meant, up to 1. */
  const weight = word => ASKING.has(word) || !lunr.stopWordFilter(word) ? ASKS : COMMON.has(word) ? GOES_WITH_ANY : 1

  /** How many letters were left out, put in, changed or swapped between two words; `most` if it is that or more. */
  function distance(a, b, most = Infinity) {
    if (Math.abs(a.length - b.length) >= most) return most
    let before = [], last = Array.from({ length: b.length + 1 }, (_, j) => j)
    for (let i = 1; i <= a.length; i++) {
      const row = [i]
      let least = i
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]))
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
        least = Math.min(least, row[j])
      }
      if (least >= most) return most
      ;[before, last] = [last, row]
    }
    return Math.min(last[b.length], most)
  }

  /** The long word that asks and is a letter away from a misspelt one. */
  const asking = word => LONG_ASKING.find(other => distance(other, word, 2) === 1)

  return { split, key, runs, weight, distance, asking, ASKS }
})()
