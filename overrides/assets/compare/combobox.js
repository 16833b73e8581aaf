// The box in which entries are typed and chosen.

import { announce } from "../site/announcer.js"
import { findAll, makeButton, makeElement } from "../site/dom.js"
import { foldText } from "../site/text.js"
import { MOST_CHOSEN, readChosen, writeChosen } from "./choice.js"

const LIST_ID = "chooser-list"
const OPTION_PREFIX = "option-"

/** Return the alias by which an entry was found, and its kind, as they stand beside its title. */
export function describeOption(entry, text, kind) {
  if (!text || foldText(entry.title).includes(text)) return kind
  return `${entry.aliases?.find(name => foldText(name).includes(text)) ?? ""}, ${kind}`
}

export class Combobox {
  constructor(entries) {
    this.entries = entries
    this.hint = entries.suggestPair()
    this.chips = makeElement("ul", { class: "chips", "aria-label": "Chosen" })
    this.input = makeElement("input", {
      type: "text",
      id: "chooser-input",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": LIST_ID,
      "aria-describedby": "chooser-message",
      oninput: () => this.open(),
      onclick: () => this.open(),
      onblur: () => this.close(),
      onkeydown: event => this.answerKey(event),
    })
    this.list = makeElement("ul", { id: LIST_ID, role: "listbox", "aria-label": "Entries", hidden: "" })
    this.message = makeElement("p", { class: "message", id: "chooser-message" })
    const label = makeElement("label", { for: "chooser-input" }, "Choose two to four things to see them side by side")
    const box = makeElement("div", { class: "combo" }, this.chips, this.input, this.list)
    this.elements = [label, box, this.message]
  }

  /** Show a message under the box, and say it. */
  tell(text) {
    this.message.textContent = text
    if (text) announce(text)
  }

  /** Show what is chosen, each with a button that removes it. */
  drawChips(ids) {
    const remove = id => {
      writeChosen(readChosen(this.entries).filter(other => other !== id))
      this.input.focus()
    }
    const chips = ids.map(id => {
      const { title } = this.entries.get(id)
      const remover = makeButton({ "aria-label": `Remove ${title}`, onclick: () => remove(id) }, "×")
      return makeElement("li", {}, title, remover)
    })
    this.chips.replaceChildren(...chips)
    this.input.placeholder = ids.length ? "" : this.hint
  }

  makeOption(entry, text) {
    const attributes = {
      role: "option",
      id: OPTION_PREFIX + entry.slug,
      "aria-selected": "false",
      onpointerdown: event => event.preventDefault(),
      onclick: () => this.choose(entry.slug),
    }
    const note = describeOption(entry, text, this.entries.nameKind(entry))
    return makeElement("li", attributes, entry.title, " ", makeElement("small", {}, note))
  }

  open() {
    const text = foldText(this.input.value)
    const options = this.entries.find(text, readChosen(this.entries)).map(entry => this.makeOption(entry, text))
    this.list.replaceChildren(...options)
    this.list.hidden = !options.length
    this.input.setAttribute("aria-expanded", String(options.length > 0))
    this.activate(text ? options[0] : undefined)
    if (!options.length) announce("Nothing by that name")
  }

  close() {
    this.list.hidden = true
    this.input.setAttribute("aria-expanded", "false")
    this.activate()
  }

  /** Mark an option as the one that the Enter key chooses; without one, none. */
  activate(option) {
    for (const other of findAll("[aria-selected=true]", this.list)) other.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) this.input.setAttribute("aria-activedescendant", option.id)
    else this.input.removeAttribute("aria-activedescendant")
  }

  /** Mark the next option or the one before, around the ends of the list. */
  move(by) {
    if (this.list.hidden) this.open()
    const options = [...this.list.children]
    const at = options.findIndex(({ id }) => id === this.input.getAttribute("aria-activedescendant"))
    this.activate(options.at(at < 0 ? Math.min(by, 0) : (at + by) % options.length))
  }

  choose(id) {
    this.input.value = ""
    this.close()
    const chosen = readChosen(this.entries)
    if (chosen.length < MOST_CHOSEN) return writeChosen([...chosen, id])
    this.tell(`At most ${MOST_CHOSEN} at a time: remove one before you add ${this.entries.get(id).title}.`)
  }

  answerKey(event) {
    const { input, list } = this
    const active = input.getAttribute("aria-activedescendant")
    const chosen = readChosen(this.entries)
    if (event.key === "ArrowDown") this.move(1)
    else if (event.key === "ArrowUp") this.move(-1)
    else if (event.key === "Enter" && active) this.choose(active.slice(OPTION_PREFIX.length))
    else if (event.key === "Escape" && !list.hidden) this.close()
    else if (event.key === "Escape" && input.value) input.value = ""
    else if (event.key === "Backspace" && !input.value && chosen.length) writeChosen(chosen.slice(0, -1))
    else return
    event.preventDefault()
  }
}
