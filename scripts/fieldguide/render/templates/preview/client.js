/* Reloads a page of the preview when the server says that its content has changed; asks only while it is seen. */
(() => {
  const { seen } = document.currentScript.dataset
  let asking = null

  async function ask() {
    if (asking || document.hidden) return
    asking = new AbortController()
    let pause = 0
    try {
      const query = new URLSearchParams({ page: location.pathname, seen })
      const answer = await fetch(`/livereload/wait?${query}`, { cache: "no-store", signal: asking.signal })
      const news = await answer.text()
      if (news === "changed") return location.reload()
      if (news !== "same") pause = 500
    } catch {
      pause = 500 // the server is away, or this page is not looked at
    }
    asking = null
    setTimeout(ask, pause)
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? asking?.abort() : ask()))
  ask()
})()
