// The claims check: claims that filter by verdict and by article.

import { filterVisible, findAll } from "../site/dom.js"
import { countThings } from "../site/text.js"
import { drawFilters, makeCheckboxes, makeFieldset } from "./filters.js"
import { makePanel } from "./panel.js"
import { makeToolbar, startToolbar } from "./toolbar.js"

const KINDS = [
  { name: "verdict", label: "Verdict", legend: "Verdict", read: claim => [claim.dataset.verdict] },
  { name: "article", label: "Article", legend: "Said by", read: claim => claim.dataset.articles.split(" ") },
]

/** Return the labels of verdicts and articles, by their keys. */
function readLabels(claims) {
  const verdicts = claims.map(claim => [claim.dataset.verdict, claim.querySelector(".verdict").textContent])
  const sections = findAll("section[data-article]")
  const articles = sections.map(section => [
    section.dataset.article,
    section.querySelector("h3").firstChild.textContent,
  ])
  return new Map([...verdicts, ...articles])
}

/** Hide the heading of each group of claims, and what stands between, with the last of its claims. */
function hideEmptyGroups(claims) {
  for (const group of new Set(claims.map(claim => claim.parentElement))) {
    const isEmpty = findAll(".claim", group).every(claim => claim.hidden)
    for (let element = group; element; element = element.matches("h2") ? null : element.previousElementSibling) {
      element.hidden = isEmpty
    }
  }
}

/** Give the claims of the page their tools, if it has any. */
export function setUpClaims() {
  const claims = findAll(".claim[id]")
  if (!claims.length) return
  const labels = readLabels(claims)
  const filters = KINDS.map(kind => {
    const keys = [...new Set(claims.flatMap(kind.read))]
    const options = keys.map(key => ({ key, label: labels.get(key) }))
    return { ...kind, checkboxes: makeCheckboxes(kind.name, options) }
  })
  const draw = () => {
    drawFilters(claims, filters, String)
    hideEmptyGroups(claims)
    return `${filterVisible(claims).length} of ${countThings(claims.length, "claims")} shown`
  }
  const tools = filters.map(({ label, legend, checkboxes }) =>
    makePanel(label, () => [makeFieldset(legend, checkboxes)]),
  )
  const place = document.querySelector(".toolbar").nextElementSibling
  startToolbar(makeToolbar(place, { names: KINDS.map(({ name }) => name), tools, draw, has: () => true }))
}
