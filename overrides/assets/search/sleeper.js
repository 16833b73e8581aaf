// Stands for the theme's search worker, and starts ours when search is opened.

const FILL = -1
const SETUP = 0
const RESULT = 3
const NEEDS_SERVER = "Search needs a web server, such as that of mkdocs serve."
const NOT_LOADED = "Search could not be loaded. Reload the page to try again."

/** Return a class to stand for `Worker` once; `here` is the address of a file beside the worker's. */
export function makeSleepingWorker(here, toggle, onAnswer) {
  const { Worker } = window
  const count = document.querySelector(".md-search-result__meta")
  const tellFailure = () => {
    count.textContent = NOT_LOADED
  }

  return class extends EventTarget {
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
      try {
        this.worker = new Worker(new URL("worker.js", here))
      } catch {
        tellFailure()
        return
      }
      this.worker.addEventListener("error", tellFailure)
      this.giveNames().catch(tellFailure)
      this.worker.addEventListener("message", ({ data }) => {
        if (data.type === RESULT) onAnswer(data.data)
        this.dispatchEvent(new MessageEvent("message", { data }))
      })
    }

    async giveNames() {
      const file = await fetch(new URL("names.json", here))
      if (!file.ok) throw new Error(`${file.url}: ${file.status}`)
      this.worker.postMessage({ type: FILL, data: await file.text() })
    }

    postMessage(message) {
      if (message.type !== SETUP) this.worker?.postMessage(message)
    }
  }
}
