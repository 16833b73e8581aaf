// Cells and references of matrix pages, brought to this page.

import { findAll } from "../site/dom.js"

const pages = new Map()

/** Return a page of the site, loaded once; reject if it cannot be loaded. */
export function loadPage(url) {
  if (!pages.has(url)) pages.set(url, fetchPage(url))
  return pages.get(url)
}

async function fetchPage(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(url)
  return new DOMParser().parseFromString(await answer.text(), "text/html")
}

/** Copies parts of several pages: links lead where they led, and what is cited is numbered anew. */
export class Importer {
  constructor() {
    this.references = new Map()
  }

  /** Return a copy of an element of a page. */
  copy(element, source) {
    const copied = document.importNode(element, true)
    copied.removeAttribute("id")
    for (const more of findAll("details.more", copied)) more.replaceWith(...findAll(".aside", more))
    for (const link of findAll("a[href]", copied)) {
      const href = link.getAttribute("href")
      if (link.closest(".cite")) link.textContent = this.number(href.slice(1), source)
      else link.href = new URL(href, source.url).href
    }
    return copied
  }

  /** Return the number of a reference, the next one if it is new; the first page that cites it gives its text. */
  number(id, source) {
    if (!this.references.has(id)) this.references.set(id, { number: this.references.size + 1, source })
    return this.references.get(id).number
  }
}
