// Runs before the theme's own script: what search needs is loaded when search is opened, and not with every page.
"use strict"

{
  const FILL = -1, SETUP = 0, RESULT = 3
  const NEEDS_SERVER = "Search needs a web server, such as that of mkdocs serve."
  const NOT_LOADED = "Search could not be loaded. Reload the page to try again."

  const { Worker } = window
  const { src: here, dataset: { report } } = document.currentScript
  const form = document.forms.namedItem("find")
  const toggle = document.querySelector("[data-md-toggle=search]")
  const count = document.querySelector(".md-search-result__meta")
  const hint = document.querySelector(".search-hint")

  /** A link in the hint: the theme's Enter takes the link with the best score, which its first child tells. */
  function linked(href, words) {
    const link = document.createElement("a"), text = document.createElement("b")
    link.href = href
    text.textContent = words
    text.dataset.mdScore = -1
    link.append(text)
    return link
  }

  /** Where to look when nothing was found; Enter leads there from the link alone, not from what was typed. */
  function elsewhere(title) {
    const root = new URL("../..", here)
    const links = [linked(new URL("glossary/", root), "glossary"), linked(new URL("compare/", root), "compare")]
    if (report) links.push(asking(title))
    for (const link of links) link.addEventListener("click", event => {
      if (event.isTrusted) return
      event.preventDefault()
      event.stopPropagation()
    })
    const [glossary, compare, ask] = links
    return ["Browse the ", glossary, ", or ", compare, " two things.", ...ask ? [" ", ask, "."] : []]
  }

  /** Where readers may ask for what is missing, the form filled in with what they looked for. */
  function asking(title) {
    const known = { form: "missing-thing", title, url: location.href }
    const address = report.replace(/\{(form|title|url)\}/g, (_, key) => encodeURIComponent(known[key]))
    return linked(address, "Say what is missing")
  }

  /** Offers the query as it may have been meant; the theme's arrow keys reach links, and Enter takes the best score. */
  function offer({ meant, items, complete, more }) {
    const missing = !items.length && complete !== false && form.query.value.trim()
    const best = more ? [`These are the best ${items.length}. `] : []
    hint.hidden = !meant && !missing && !more
    if (!meant) return hint.replaceChildren(...best, ...missing ? elsewhere(missing) : [])
    const link = linked(`?${new URLSearchParams({ q: meant })}`, meant)
    link.addEventListener("click", event => {
      event.preventDefault()
      event.stopPropagation() // the theme closes search at a click on a link
      form.query.value = meant
      form.query.focus()
      form.query.dispatchEvent(new KeyboardEvent("keyup"))
    })
    hint.replaceChildren(...best, "Did you mean ", link, "?")
  }

  /** Stands for the theme's search worker, and starts it when search is opened. */
  class SleepingWorker extends EventTarget {
    constructor() {
      super()
      window.Worker = Worker
      if (toggle.checked) this.wake()
      else toggle.addEventListener("change", () => this.wake(), { once: true })
    }

    wake() {
      if (location.protocol === "file:") {
        count.textContent = NEEDS_SERVER
        return
      }
      const fail = () => { count.textContent = NOT_LOADED }
      try {
        this.worker = new Worker(new URL("worker.js", here))
      } catch {
        fail()
        return
      }
      this.worker.addEventListener("error", fail)
      this.give(new URL("names.json", here)).catch(fail)
      this.worker.addEventListener("message", ({ data }) => {
        if (data.type === RESULT) offer(data.data)
        this.dispatchEvent(new MessageEvent("message", { data }))
      })
    }

    async give(names) {
      const file = await fetch(names)
      if (!file.ok) throw new Error(`${file.url}: ${file.status}`)
      this.worker.postMessage({ type: FILL, data: await file.text() })
    }

    postMessage(message) {
      if (message.type !== SETUP) this.worker?.postMessage(message)
    }
  }

  /** The theme lists what a result is in a landmark of its own; a list of results has no use for a dozen of them. */
  const list = document.querySelector(".md-search-result__list")
  const flatten = () => list.querySelectorAll("nav:not([role])").forEach(tags => tags.setAttribute("role", "none"))

  /** The theme draws all results anew when more is found: the one that had the focus gets it back. */
  let chosen = ""
  function stay() {
    if (!chosen || document.activeElement !== document.body) return
    const links = [...list.querySelectorAll("a")]
    ;(links.find(({ href }) => href === chosen) ?? links[0])?.focus()
  }

  /** The theme keeps the address to copy one letter behind the link's. */
  const share = document.querySelector("[data-md-component=search-share]")
  share?.addEventListener("click", () => { share.dataset.clipboardText = share.href }, true)

  if (form) {
    window.Worker = SleepingWorker
    new MutationObserver(() => { flatten(); stay() }).observe(list, { childList: true, subtree: true })
    list.addEventListener("focusin", ({ target }) => { chosen = target.href })
    for (const part of [form, toggle]) for (const left of ["focusin", "change"]) part.addEventListener(left, () => { chosen = "" })
    // Under this name the theme fetches its index, of which it needs the settings to mark the words of `?h=` on a page.
    if (new URLSearchParams(location.search).has("h")) form.name = "search"
  }
}
