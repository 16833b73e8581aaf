/* The frame: the drawer of narrow screens, the choice of colors, and the theme's one-key shortcuts, which can be turned off. */
(() => {
  'use strict'

  const drawer = document.getElementById('__drawer')
  const sidebar = document.querySelector('.md-sidebar--primary')
  const label = document.querySelector('.md-header [for=__drawer]')
  const title = document.querySelector('.md-nav--primary [for=__drawer]')

  const button = (name, className, ...content) => {
    const made = document.createElement('button')
    Object.assign(made, {type: 'button', className})
    if (name) made.setAttribute('aria-label', name)
    made.append(...content)
    return made
  }

  /* What stands beside the drawer, which cannot be reached while it is open; but for the shade, a click on which closes it. */
  const others = () => {
    const found = []
    for (let node = sidebar; node !== document.body; node = node.parentElement)
      found.push(...[...node.parentElement.children].filter(other => other !== node && !other.matches('.md-overlay, script')))
    return found
  }

  if (drawer && sidebar && label && title) {
    const opener = button('Menu', 'md-header__button md-icon menu', ...label.childNodes)
    const closer = button('Close menu', 'md-icon close')
    const show = open => {
      drawer.checked = open
      drawer.dispatchEvent(new Event('change'))
    }
    opener.setAttribute('aria-controls', '__nav')
    opener.setAttribute('aria-expanded', 'false')
    label.replaceWith(opener)
    title.after(closer)
    drawer.addEventListener('change', () => {
      const open = drawer.checked
      opener.setAttribute('aria-expanded', open)
      for (const node of others()) node.inert = open
      open ? closer.focus() : sidebar.contains(document.activeElement) && opener.focus()
    })
    opener.addEventListener('click', () => show(true))
    closer.addEventListener('click', () => show(false))
    sidebar.addEventListener('keydown', event => { if (event.key === 'Escape' && drawer.checked) show(false) })
    matchMedia('(min-width: 76.25em)').addEventListener('change', () => show(false))
    // A browser may remember a drawer that was open when the page was left.
    addEventListener('pageshow', () => show(false))
  }

  /* The choice of colors, kept as the theme keeps it; its script at the top of a page sees to what was kept. */
  const options = [...document.querySelectorAll('.md-option')]
  if (options.length) {
    const bar = document.head.appendChild(Object.assign(document.createElement('meta'), {name: 'theme-color'}))
    /* The bars of the browser around the page. */
    const dress = () => {
      const {backgroundColor, colorScheme} = getComputedStyle(document.querySelector('.md-header'))
      bar.content = backgroundColor
      document.documentElement.style.colorScheme = colorScheme === 'dark' ? colorScheme : ''
    }
    const fits = ({dataset}) => matchMedia(dataset.mdColorMedia).matches
    const paint = () => {
      const option = options.find(({checked}) => checked), {mdColorMedia: media} = option.dataset
      const like = media === '(prefers-color-scheme)' ? options.findLast(fits) : option
      const {mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent} = like.dataset
      Object.assign(document.body.dataset, like.dataset, {mdColorMedia: media})
      for (const other of options) other.nextElementSibling.hidden = other !== option
      requestAnimationFrame(dress)
      return {media, scheme, primary, accent}
    }
    for (const [index, option] of options.entries()) {
      option.addEventListener('change', () => __md_set('__palette', {index, color: paint()}))
      option.addEventListener('keydown', event => {
        const next = options[(index + 1) % options.length]
        if (event.key !== 'Enter') return
        next.click()
        next.focus()
      })
    }
    const known = options[__md_get('__palette')?.index] ?? options.find(fits) ?? options[0]
    known.checked = true
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', paint)
    paint()
  }

  /* The theme's shortcuts are single characters, in the way of those who speak to their computer (WCAG 2.1.4). */
  const KEYS = ['/', 'f', 's', 'p', ',', 'n', '.']
  const STORE = 'shortcuts-off'
  const footer = document.querySelector('.md-footer-meta__inner')
  if (footer) {
    const isOff = () => { try { return Boolean(localStorage.getItem(STORE)) } catch { return false } }
    const keep = off => { try { off ? localStorage.setItem(STORE, '1') : localStorage.removeItem(STORE) } catch { /* for this page only */ } }
    let off = isOff()
    const toggle = button('', 'shortcuts')
    const draw = () => { toggle.textContent = `Keyboard shortcuts (/, s, …): ${off ? 'off' : 'on'}` }
    toggle.title = 'Search: / or s or f. Page before: p or comma. Page after: n or period.'
    toggle.addEventListener('click', () => { off = !off; keep(off); draw() })
    draw()
    footer.append(toggle)
    addEventListener('keydown', event => {
      const typing = event.target.closest?.('input, textarea, select, [contenteditable]')
      if (off && KEYS.includes(event.key) && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopImmediatePropagation()
    }, true)
  }
})()
