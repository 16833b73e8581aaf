// The line under the search box: how the query may have been meant, or where else to look.

/** Return a link; the theme's Enter takes the link with the best score, which its first child tells. */
function makeLink(href, words) {
  const link = document.createElement("a")
  const text = document.createElement("b")
  link.href = href
  text.textContent = words
  text.dataset.mdScore = -1
  link.append(text)
  return link
}

/** Return the form in which readers may ask for what is missing, filled in with what they looked for. */
function linkReport(template, title) {
  const values = { form: "missing-thing", title, url: location.href }
  const address = template.replace(/\{(form|title|url)\}/g, (_, key) => encodeURIComponent(values[key]))
  return makeLink(address, "Say what is missing")
}

/** Only a click follows a link, not the Enter key after what was typed. */
function followByClick(event) {
  if (event.isTrusted) return
  event.preventDefault()
  event.stopPropagation()
}

/** Return where to look when nothing was found; `report` is the template of the address of a form, if there is one. */
function listOtherPlaces(title, root, report) {
  const names = ["glossary", "compare"]
  const links = names.map(name => makeLink(new URL(`${name}/`, root), name))
  if (report) links.push(linkReport(report, title))
  for (const link of links) link.addEventListener("click", followByClick)
  const [glossary, compare, form] = links
  return ["Browse the ", glossary, ", or ", compare, " two things.", ...(form ? [" ", form, "."] : [])]
}

/** Return a link that types another query. */
function linkQuery(query, input) {
  const link = makeLink(`?${new URLSearchParams({ q: query })}`, query)
  link.addEventListener("click", event => {
    event.preventDefault()
    event.stopPropagation() // the theme closes search at a click on a link
    input.value = query
    input.focus()
    input.dispatchEvent(new KeyboardEvent("keyup"))
  })
  return link
}

/** Offer the query as it may have been meant; the theme's arrow keys reach links, and Enter takes the best score. */
export function showHint({ meant, items, complete, more }, input, root, report) {
  const hint = document.querySelector(".search-hint")
  const missing = !items.length && complete !== false && input.value.trim()
  const best = more ? [`These are the best ${items.length}. `] : []
  const others = missing ? listOtherPlaces(missing, root, report) : []
  hint.hidden = !meant && !missing && !more
  hint.replaceChildren(...best, ...(meant ? ["Did you mean ", linkQuery(meant, input), "?"] : others))
}
