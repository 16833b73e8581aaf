/* What every page has: links to copy, and the state of its views in the address. Every page stands without it. */
(() => {
  'use strict'

  const collator = new Intl.Collator('en', {sensitivity: 'base', numeric: true})
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
  const listed = words => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
      else if (value !== undefined && value !== false) node.setAttribute(name, value)
    }
    node.append(...children)
    return node
  }
  const button = (attributes, ...children) => make('button', {type: 'button', ...attributes}, ...children)

  /* What is said aloud, and shown for a moment when it answers a click. */
  const region = make('p', {class: 'announce', role: 'status', 'aria-live': 'polite'})
  document.body.append(region)
  let fading
  const say = (text, shown = false) => {
    region.textContent = text
    region.classList.toggle('shown', shown)
    clearTimeout(fading)
    fading = setTimeout(() => region.classList.remove('shown'), 2500)
  }

  /* The state of every view is the address; a view redraws itself from it. */
  const views = []
  const redraw = () => views.forEach(view => view())
  const query = () => new URLSearchParams(location.search)
  const change = edit => {
    const next = query()
    edit(next)
    const text = String(next).replaceAll('%2C', ',')
    const address = location.pathname + (text && `?${text}`)
    if (address !== location.pathname + location.search) history.pushState(null, '', address + location.hash)
    redraw()
  }
  addEventListener('popstate', redraw)
  const bars = []

  /* Links ----------------------------------------------------------------- */

  const here = id => location.origin + location.pathname + (id ? `#${id}` : '')
  const addressOf = node => node.matches('th[scope=row]') ? addressOf(node.parentElement)
    : node.id ? here(node.id)
    : node.dataset.home ? new URL(node.dataset.home, location).href
    : node.matches('.node') ? new URL(node.getAttribute('href'), location).href : ''
  const copy = address => navigator.clipboard?.writeText(address).then(
    () => say('Link copied', true),
    () => say(`Copying failed. The address: ${address}`, true)) ?? say(`The address: ${address}`, true)
  const COPIED = 'td, th[scope=row], .node'

  const addCopier = place => {
    if (place.querySelector('.headerlink')) return
    const address = here(place.id || place.parentElement.id)
    const name = place.textContent.trim().slice(0, 60)
    const copier = button({class: 'copy', title: 'Copy link', 'aria-label': `Copy link to ${name}`, onclick: () => copy(address)})
    const branches = place.querySelector(':scope > ul')
    const within = place.querySelector(':scope > p') ?? place
    const next = branches ?? within.querySelector(':scope > .aside')
    next ? next.before(copier) : within.append(copier)
  }
  const linkPlaces = () => {
    for (const link of all('.headerlink')) {
      link.setAttribute('aria-label', 'Copy link to this section')
      link.addEventListener('click', () => copy(link.href))
    }
    const places = all('h1, :is(h2, h3)[id], .claim[id] > .claim-text, :is(.references, .bibliography, .outline) li[id], ' +
      'dt[id], table:not(.matrix, .pair) tr[id] > th[scope=row]')
    // Of a long list some at a time, so that the page is drawn, and answers, meanwhile.
    const more = () => {
      places.splice(0, 20).forEach(addCopier)
      if (places.length) setTimeout(more)
    }
    setTimeout(more)
  }

  /** Whether a click on a place shows its sources. */
  const opens = place => place.matches('[role=grid] td:has(.cite)')

  /* One button serves all cells and nodes: it stands at whichever is pointed at or has the focus. */
  const chip = button({class: 'copy-chip', tabindex: -1, hidden: '', onclick: () => {
    const {target} = chip
    if (!opens(target)) return copy(addressOf(target))
    target.focus()
    target.click()
  }})
  document.body.append(chip)
  const showChip = (target, keyed) => {
    chip.hidden = !(target && (opens(target) || addressOf(target)))
    if (chip.hidden) return
    chip.target = target
    const enter = opens(target) ? 'Sources: Enter. ' : target.matches('td') ? 'Open: Enter. ' : ''
    chip.textContent = keyed ? `${enter}Copy link: C` : opens(target) ? 'Sources and link' : 'Copy link'
    const box = target.getBoundingClientRect()
    const top = target.matches('.node') ? box.top - chip.offsetHeight : box.bottom - chip.offsetHeight
    chip.style.left = `${Math.max(0, Math.min(box.right, innerWidth) - chip.offsetWidth)}px`
    chip.style.top = `${Math.max(0, Math.min(top, innerHeight - chip.offsetHeight))}px`
  }
  const copied = node => {
    const target = node.closest?.(COPIED)
    return target && (target.matches('.node') || target.closest('.matrix, .pair')) ? target : null
  }
  document.addEventListener('pointermove', event => {
    if (event.pointerType !== 'mouse' || event.target === chip) return
    const target = copied(event.target)
    if (chip.hidden ? target : target !== chip.target) showChip(target, false)
  })
  document.addEventListener('focusin', event => {
    if (event.target !== chip) showChip(event.target.matches(`:focus-visible:is(${COPIED})`) ? copied(event.target) : null, true)
  })
  // Browsers bring the focus into view, but not within a diagram or in a head that stays in its place.
  document.addEventListener('focusin', event => { if (event.target.matches('.node, .sort')) event.target.scrollIntoView({block: 'nearest', inline: 'nearest'}) })
  document.addEventListener('scroll', () => { chip.hidden = true }, {capture: true, passive: true})
  document.addEventListener('keydown', event => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key.toLowerCase() === 'c' && plain && event.target.matches(COPIED) && addressOf(event.target)) copy(addressOf(event.target))
  })

  /* Start ----------------------------------------------------------------- */

  /* Within a table one cell is a stop of the Tab key. */
  const rove = cell => {
    all('[tabindex="0"]', cell.closest('table')).forEach(other => { other.tabIndex = -1 })
    cell.tabIndex = 0
  }

  /* Brings what the address names into view: unfolds it, and shows it if the state of a table hid it. */
  const reveal = () => {
    const target = document.querySelector(':target')
    if (!target) return
    const fold = target.closest('details')
    if (fold) fold.open = true
    if (target.closest('[hidden]')) bars.find(bar => bar.has(target))?.clear()
    if (target.matches('[role=grid] tbody *') && target.matches('td, th')) rove(target)
    target.scrollIntoView()
    target.closest('.scroller:has(.matrix)')?.scrollIntoView()
  }
  // Without a server nothing leads from a folder to the page in it.
  if (location.protocol === 'file:') for (const link of all('a[href]')) {
    const address = new URL(link.getAttribute('href'), location)
    if (address.protocol !== 'file:' || !address.pathname.endsWith('/')) continue
    address.pathname += 'index.html'
    link.setAttribute('href', address)
  }

  linkPlaces()
  window.guide = {all, make, button, fold, listed, collator, say, region, query, change, redraw, views, bars, copy, addressOf, rove}
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]') || document.getElementById('__search')?.checked) return
    const active = bars.filter(bar => bar.active())
    const near = active.find(bar => bar.has(event.target)) ?? active[0]
    near?.clear()
  })
  addEventListener('hashchange', reveal)
  // The browser goes to the fragment once more when everything has loaded.
  const settle = () => setTimeout(reveal)
  document.readyState === 'complete' ? settle() : addEventListener('load', settle)
})()
