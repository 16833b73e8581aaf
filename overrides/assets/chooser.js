// The page on which any two to four things are set side by side loads this after `site.js`.

import "./site.js"
import { reserveSpace, setUpChooser } from "./compare/chooser.js"
import { makeElement } from "./site/dom.js"
import { readQuery } from "./site/state.js"

const FAILED = "The chooser could not be loaded; the pages below work."
const chooser = document.querySelector(".chooser")
const url = new URL(chooser.dataset.index, location)

reserveSpace(chooser, readQuery().has("ids"))
fetch(url)
  .then(answer => answer.json())
  .then(index => setUpChooser(chooser, index, new URL("..", url)))
  .catch(() => {
    chooser.append(makeElement("p", { class: "message" }, FAILED))
    reserveSpace(chooser, false)
  })
