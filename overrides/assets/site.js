/* Tables that sort, filter and open; the chooser; links to copy. Every page stands without it. */
(() => {
  'use strict'

  const report = document.currentScript.dataset.report
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

  /* Values ---------------------------------------------------------------- */

  const stated = cell => cell.querySelector('.given')
  const items = cell => {
    const given = stated(cell)
    const parts = given ? all('[data-value]', given) : []
    return (parts.length ? parts : given ? [given] : []).map(part => ({
      key: part.dataset.value || part.textContent.trim(), label: part.textContent.trim()}))
  }
  const identity = cell => items(cell).map(item => fold(item.key)).sort().join('\n')
  const alike = cells => new Set(cells.map(identity)).size < 2

  const SCALE = {k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, b: 1e9, billion: 1e9, t: 1e12, trillion: 1e12}
  const WITH_UNIT = /(\d[\d,]*(?:\.\d+)?)\s*(k|m|b|t|thousand|million|billion|trillion)(?![a-z\d])/i
  const AT_START = /^\D{0,12}(\d[\d,]*(?:\.\d+)?)/
  const number = text => {
    const found = WITH_UNIT.exec(text) ?? AT_START.exec(text)
    return found ? Number(found[1].replaceAll(',', '')) * (SCALE[found[2]?.toLowerCase()] ?? 1) : NaN
  }
  const isNumeric = cells => {
    const texts = cells.map(stated).filter(given => given && !given.querySelector('time, a, [data-value]'))
    return texts.filter(given => number(given.textContent) >= 0).length * 3 > texts.length
  }
  /* A rank keeps what has no value, or no number among numbers, last in either direction. */
  const sortable = (cell, column) => {
    if (cell.matches('th')) return {rank: 0, value: cell.textContent.trim()}
    const given = stated(cell)
    if (!given) return {rank: 2}
    const time = given.querySelector('time')
    if (time) return {rank: 0, value: time.dateTime}
    if (column.order && given.querySelector('[data-value]'))
      return {rank: 0, value: items(cell).map(item => 100 + column.order.indexOf(item.key)).join(' ')}
    if (!column.numeric) return {rank: 0, value: given.textContent.trim()}
    const value = number(given.textContent)
    return Number.isNaN(value) ? {rank: 1, value: 0} : {rank: 0, value}
  }
  const sorted = (rows, column, down) => {
    const keyed = rows.map(row => ({row, ...sortable(row.cells[column.index], column)}))
    const order = (a, b) => typeof a.value === 'number' ? a.value - b.value : collator.compare(a.value, b.value)
    return keyed.sort((a, b) => a.rank - b.rank || (a.rank ? 0 : order(a, b) * (down ? -1 : 1))).map(({row}) => row)
  }

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

  const linkPlaces = () => {
    for (const link of all('.headerlink')) {
      link.setAttribute('aria-label', 'Copy link to this section')
      link.addEventListener('click', () => copy(link.href))
    }
    for (const place of all('h1, :is(h2, h3)[id], .claim[id] > .claim-text, :is(.references, .bibliography, .outline) li[id], ' +
      'dt[id], table:not(.matrix, .pair) tr[id] > th[scope=row]')) {
      if (place.querySelector('.headerlink')) continue
      const address = here(place.id || place.parentElement.id)
      const name = place.textContent.trim().slice(0, 60)
      const copier = button({class: 'copy', title: 'Copy link', 'aria-label': `Copy link to ${name}`, onclick: () => copy(address)})
      const branches = place.querySelector(':scope > ul')
      branches ? branches.before(copier) : (place.querySelector(':scope > p') ?? place).append(copier)
    }
  }

  /* One button serves all cells and nodes: it stands at whichever is pointed at or has the focus. */
  const chip = button({class: 'copy-chip', tabindex: -1, hidden: '', onclick: () => copy(addressOf(chip.target))})
  document.body.append(chip)
  const showChip = (target, keyed) => {
    chip.hidden = !(target && addressOf(target))
    if (chip.hidden) return
    chip.target = target
    chip.textContent = !keyed ? 'Copy link' : target.matches('td') ? 'Open: Enter. Copy link: C' : 'Copy link: C'
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

  /* Cells ----------------------------------------------------------------- */

  const dialog = make('dialog', {class: 'cell md-typeset', 'aria-labelledby': 'cell-title'})
  const line = (term, ...content) => content.length ? [make('dt', {}, term), make('dd', {}, ...content)] : []
  const copies = nodes => nodes.map(node => node.cloneNode(true))

  const openCell = cell => {
    const table = cell.closest('table')
    const head = table.tHead.rows[0].cells[cell.cellIndex]
    const names = [cell.parentElement.cells[0], head.querySelector('a') ?? head].map(node => node.textContent.trim())
    const [entry, attribute] = table.matches('.pair') ? names.reverse() : names
    const value = stated(cell) ?? cell.querySelector('.value.none')
    const aged = all('.aside', cell).filter(aside => aside.querySelector('time'))
    const notes = all('.aside', cell).filter(aside => !aged.includes(aside))
    const sources = all('.cite a', cell).map(link => {
      const [source] = copies([document.getElementById(link.hash.slice(1))])
      all('.copy', source).forEach(node => node.remove())
      return make('li', {value: link.textContent}, ...source.childNodes)
    })
    const plain = cell.cloneNode(true)
    all('.cite', plain).forEach(node => node.remove())
    const address = addressOf(cell)
    const reported = {form: 'wrong-fact', title: `${entry}: ${attribute}`, url: address}
    dialog.replaceChildren(
      make('h2', {id: 'cell-title', tabindex: -1, autofocus: ''}, make('small', {}, entry), ' ', attribute),
      make('dl', {},
        ...line('Value', ...(value ? copies([value]) : plain.childNodes)),
        ...line('Note', ...copies(notes)),
        ...line('As of', ...aged.flatMap(aside => copies([aside.querySelector('time')]))),
        ...line('Disputed', ...all('.disputed', cell).map(link => make('p', {}, make('a', {href: link.href}, link.title)))),
        ...line('Sources', ...(sources.length ? [make('ol', {}, ...sources)] : []))),
      make('p', {class: 'actions'},
        ...(address ? [button({onclick: () => copy(address)}, 'Copy link')] : []),
        ...(report ? [make('a', {href: report.replace(/\{(form|title|url)\}/g, (_, key) => encodeURIComponent(reported[key]))}, 'Report a problem')] : []),
        button({class: 'close', onclick: () => dialog.close()}, 'Close')))
    dialog.append(region)
    dialog.showModal()
  }
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
  dialog.addEventListener('close', () => document.body.append(region))

  const seen = list => [...list].filter(node => !node.hidden)
  const rove = cell => {
    all('[tabindex="0"]', cell.closest('table')).forEach(other => { other.tabIndex = -1 })
    cell.tabIndex = 0
  }
  const step = (cell, key, whole) => {
    const rows = seen(cell.closest('tbody').rows)
    const cells = seen(cell.parentElement.cells)
    const across = cells.indexOf(cell)
    const row = change => seen((rows[rows.indexOf(cell.parentElement) + change] ?? cell.parentElement).cells)[across]
    switch (key) {
      case 'ArrowLeft': return cells[across - 1]
      case 'ArrowRight': return cells[across + 1]
      case 'ArrowUp': return row(-1)
      case 'ArrowDown': return row(1)
      case 'Home': return seen((whole ? rows[0] : cell.parentElement).cells)[0]
      case 'End': return seen((whole ? rows.at(-1) : cell.parentElement).cells).at(-1)
    }
  }
  const keep = 'a, button, summary, input, label'
  const makeGrid = table => {
    table.setAttribute('role', 'grid')
    const cells = all('tbody > tr > *', table)
    cells.forEach(cell => { cell.tabIndex = -1 })
    if (cells.length) cells[0].tabIndex = 0
    // A table is one stop of the Tab key; Enter opens what a cell holds.
    for (const inner of all('tbody :is(a, summary)', table)) inner.tabIndex = -1
    table.addEventListener('focusin', event => { if (cells.includes(event.target)) rove(event.target) })
    table.addEventListener('click', event => {
      const cell = event.target.closest('td')
      if (cell && !event.target.closest(keep) && getSelection().isCollapsed) openCell(cell)
    })
    table.addEventListener('keydown', event => {
      if (!cells.includes(event.target) || event.altKey || event.metaKey) return
      const next = step(event.target, event.key, event.ctrlKey)
      if (event.key === 'Enter' || event.key === ' ')
        event.target.matches('td') ? openCell(event.target) : event.target.querySelector('a')?.click()
      else if (next) next.focus()
      else if (!event.key.startsWith('Arrow')) return
      event.preventDefault()
    })
  }

  /* Sorting --------------------------------------------------------------- */

  const ARIA = {asc: 'ascending', desc: 'descending'}
  const NEXT = {'': 'asc', asc: 'desc', desc: ''}
  const makeSortable = (table, prefix) => {
    const [body] = table.tBodies
    const rows = [...body.rows]
    const columns = [...table.tHead.rows[0].cells].map((head, index) => ({
      head, index, key: head.dataset.key, label: head.textContent.trim(), order: head.dataset.order?.split(' '),
      numeric: index > 0 && isNumeric(rows.map(row => row.cells[index]))}))
    const read = () => ({key: query().get(`${prefix}sort`), way: query().get(`${prefix}dir`) === 'desc' ? 'desc' : 'asc'})
    for (const column of columns) {
      const turn = () => change(next => {
        const {key, way} = read()
        const turned = NEXT[key === column.key ? way : '']
        for (const name of ['sort', 'dir']) next.delete(prefix + name)
        if (turned) next.set(`${prefix}sort`, column.key)
        if (turned === 'desc') next.set(`${prefix}dir`, 'desc')
      })
      const link = column.head.querySelector('a')
      const sorter = button({class: 'sort', onclick: turn, ...(link && {'aria-label': `Sort by ${column.label}`})})
      if (!link) sorter.append(...column.head.childNodes)
      column.head.append(sorter)
    }
    const draw = () => {
      const {key, way} = read()
      const column = columns.find(column => column.key === key)
      for (const {head} of columns) head.removeAttribute('aria-sort')
      column?.head.setAttribute('aria-sort', ARIA[way])
      body.append(...(column ? sorted(rows, column, way === 'desc') : rows))
      return column ? `, sorted by ${column.label}, ${ARIA[way]}` : ''
    }
    return {rows, columns, draw}
  }

  /* Toolbars -------------------------------------------------------------- */

  let panels = 0
  const panel = (label, ...content) => {
    const body = make('div', {class: 'panel', id: `panel-${++panels}`, hidden: ''}, ...content)
    const toggle = button({'aria-expanded': 'false', 'aria-controls': body.id, onclick: () => show(body.hidden)}, label)
    const show = open => { body.hidden = !open; toggle.setAttribute('aria-expanded', open) }
    const tool = make('div', {class: 'tool', onkeydown: event => {
      if (event.key !== 'Escape' || body.hidden) return
      event.preventDefault()
      show(false)
      toggle.focus()
    }}, toggle, body)
    document.addEventListener('pointerdown', event => { if (!tool.contains(event.target)) show(false) })
    return tool
  }
  const checkbox = (value, label, onchange) => {
    const box = make('input', {type: 'checkbox', value, onchange})
    const count = make('span', {class: 'count'})
    return {box, count, node: make('label', {}, box, ' ', label, ' ', count)}
  }
  const differencesButton = prefix => button({class: 'differences', 'aria-pressed': 'false', onclick: () => change(next =>
    next.get(`${prefix}diff`) ? next.delete(`${prefix}diff`) : next.set(`${prefix}diff`, '1'))}, 'Only differences')

  /* The toolbar of some tables: what it draws, which keys of the address are its own. */
  const toolbar = (place, prefix, keys, tools, draw) => {
    const shown = make('span', {class: 'shown'})
    const clear = () => change(next => keys.forEach(key => next.delete(prefix + key)))
    const reset = button({onclick: clear}, 'Clear')
    const bar = make('div', {class: 'toolbar', role: 'group', 'aria-label': 'Table tools'}, ...tools, reset, shown)
    place.before(bar)
    let last
    const view = () => {
      const state = keys.map(key => query().getAll(prefix + key)).join('|')
      const text = draw()
      const active = document.activeElement === reset
      reset.hidden = keys.every(key => !query().has(prefix + key))
      if (active && reset.hidden) bar.querySelector('button').focus()
      shown.textContent = text.replace(/, sorted.*/, '')
      if (last !== undefined && last !== state) say(text)
      last = state
    }
    return {view, clear, active: () => !reset.hidden}
  }
  const bars = []

  /* Matrices -------------------------------------------------------------- */

  const WIDE = 5
  const optionsOf = (column, rows) => {
    const counts = new Map()
    for (const {key, label} of rows.flatMap(row => items(row.cells[column.index])))
      counts.set(key, {key, label, count: (counts.get(key)?.count ?? 0) + 1})
    const cells = rows.map(row => row.cells[column.index])
    const repeated = [...counts.values()].some(({count}) => count > 1)
    if (counts.size < 2 || !repeated || cells.some(cell => cell.querySelector('.given time'))) return []
    const place = key => column.order?.indexOf(key) ?? 0
    return [...counts.values()].sort((a, b) => place(a.key) - place(b.key) || b.count - a.count || collator.compare(a.label, b.label))
  }
  const enhanceMatrix = (table, position) => {
    const prefix = position ? `t${position + 1}.` : ''
    const {rows, columns, draw: sort} = makeSortable(table, prefix)
    const attributes = columns.slice(1)
    const set = (key, boxes) => change(next => {
      next.delete(key)
      boxes.filter(({box}) => box.checked).forEach(({box}) => next.append(key, box.value))
    })
    const filters = attributes.map(column => ({column, options: optionsOf(column, rows)})).filter(({options}) => options.length)
    for (const filter of filters)
      filter.boxes = filter.options.map(({key, label}) => checkbox(key, label, () => set(prefix + filter.column.key, filter.boxes)))
    const chosen = attributes.map(column => checkbox(column.key, column.label, () => {
      const keys = chosen.filter(({box}) => box.checked).map(({box}) => box.value)
      change(next => keys.length && keys.length < chosen.length ? next.set(`${prefix}cols`, keys.join(',')) : next.delete(`${prefix}cols`))
    }))
    const differences = differencesButton(prefix)
    const passes = (row, {column, wanted}) => !wanted.length || items(row.cells[column.index]).some(({key}) => wanted.includes(key))
    const draw = () => {
      for (const filter of filters) filter.wanted = query().getAll(prefix + filter.column.key)
      for (const row of rows) row.hidden = !filters.every(filter => passes(row, filter))
      for (const filter of filters) {
        const others = rows.filter(row => filters.every(other => other === filter || passes(row, other)))
        for (const {box, count} of filter.boxes) {
          const hits = others.filter(row => items(row.cells[filter.column.index]).some(({key}) => key === box.value))
          count.textContent = `(${hits.length})`
          box.checked = filter.wanted.includes(box.value)
        }
      }
      const cols = query().get(`${prefix}cols`)?.split(',')
      const diff = query().has(`${prefix}diff`)
      const visible = seen(rows)
      differences.setAttribute('aria-pressed', diff)
      attributes.forEach((column, i) => {
        chosen[i].box.checked = !cols || cols.includes(column.key)
        const hidden = !chosen[i].box.checked || (diff && visible.length > 1 && alike(visible.map(row => row.cells[column.index])))
        for (const cell of [column.head, ...rows.map(row => row.cells[column.index])]) cell.hidden = hidden
      })
      const sorting = sort()
      const stop = table.querySelector('tbody [tabindex="0"]')
      const first = seen(table.tBodies[0].rows)[0]
      if (first && (!stop || stop.hidden || stop.parentElement.hidden)) rove(first.cells[0])
      return `${visible.length} of ${rows.length} entries shown${sorting}`
    }
    const fields = filters.map(({column, boxes}) => make('fieldset', {}, make('legend', {}, column.label), ...boxes.map(({node}) => node)))
    const tools = [differences]
    if (fields.length) tools.push(panel('Filter', ...fields))
    if (attributes.length > WIDE) tools.push(panel('Columns', make('fieldset', {}, make('legend', {}, 'Columns shown'), ...chosen.map(({node}) => node))))
    makeGrid(table)
    const keys = ['sort', 'dir', 'diff', 'cols', ...filters.map(({column}) => column.key)]
    const bar = toolbar(table.closest('.scroller'), prefix, keys, tools, draw)
    views.push(bar.view)
    bars.push({...bar, has: node => table.contains(node)})
    bar.view()
  }

  /* Comparisons ----------------------------------------------------------- */

  const enhancePair = root => {
    const tables = all('table.pair', root)
    const sorters = tables.map(table => makeSortable(table, ''))
    tables.forEach(makeGrid)
    const rows = all('table.pair tbody tr', root)
    const marks = new Map(rows.map(row => [row, all('td .value', row).map(mark => mark.dataset.value ?? mark.textContent)]))
    const labels = new Map(all('table.pair td .value', root).map(mark => [mark.dataset.value ?? mark.textContent, mark.textContent]))
    const boxes = [...labels].map(([value, label]) => checkbox(value, label, () => change(next => {
      next.delete('value')
      boxes.filter(({box}) => box.checked).forEach(({box}) => next.append('value', box.value))
    })))
    const differences = differencesButton('')
    const draw = () => {
      const diff = query().has('diff')
      const wanted = query().getAll('value')
      const kept = rows.filter(row => !(diff && row.closest('details.same, tr.one-sided')))
      differences.setAttribute('aria-pressed', diff)
      for (const row of rows) row.hidden = !kept.includes(row) || (wanted.length > 0 && !marks.get(row).some(value => wanted.includes(value)))
      for (const same of all('details.same', root)) {
        same.hidden = all('tbody tr', same).every(row => row.hidden)
        if (wanted.length && !same.hidden) same.open = true
      }
      for (const {box, count} of boxes) {
        box.checked = wanted.includes(box.value)
        count.textContent = `(${kept.filter(row => marks.get(row).includes(box.value)).length})`
      }
      const sorting = sorters.map(sorter => sorter.draw())[0]
      return `${seen(rows).length} of ${rows.length} attributes shown${sorting}`
    }
    const tools = [differences]
    if (boxes.length > 1) tools.push(panel('Filter', make('fieldset', {}, make('legend', {}, 'Attributes with the value'), ...boxes.map(({node}) => node))))
    return {...toolbar(tables[0].closest('.scroller'), '', ['sort', 'dir', 'diff', 'value'], tools, draw), has: node => root.contains(node)}
  }

  /* Claims ----------------------------------------------------------------- */

  const enhanceClaims = claims => {
    const readers = {verdict: claim => [claim.dataset.verdict], article: claim => claim.dataset.articles.split(' ')}
    const labels = new Map(claims.map(claim => [claim.dataset.verdict, claim.querySelector('.verdict').textContent]))
    for (const heading of all('section[data-article]')) labels.set(heading.dataset.article, heading.querySelector('h3').firstChild.textContent)
    const filters = Object.entries(readers).map(([key, read]) => ({key, read, boxes: [...new Set(claims.flatMap(read))].map(value =>
      ({value, ...checkbox(value, labels.get(value), () => change(next => {
        next.delete(key)
        for (const {value, box} of filters.find(filter => filter.key === key).boxes) if (box.checked) next.append(key, value)
      }))}))}))
    const passes = (claim, {key, read}) => {
      const wanted = query().getAll(key)
      return !wanted.length || read(claim).some(value => wanted.includes(value))
    }
    const draw = () => {
      for (const claim of claims) claim.hidden = !filters.every(filter => passes(claim, filter))
      for (const group of new Set(claims.map(claim => claim.parentElement))) {
        const empty = all('.claim', group).every(claim => claim.hidden)
        for (let node = group; node; node = node.matches('h2') ? null : node.previousElementSibling) node.hidden = empty
      }
      for (const filter of filters) for (const {value, box, count} of filter.boxes) {
        box.checked = query().getAll(filter.key).includes(value)
        const others = claims.filter(claim => filters.every(other => other === filter || passes(claim, other)))
        count.textContent = others.filter(claim => filter.read(claim).includes(value)).length
      }
      return `${claims.filter(claim => !claim.hidden).length} of ${claims.length} claims shown`
    }
    const tools = filters.map(({key, boxes}) => panel(key === 'verdict' ? 'Verdict' : 'Article', make('fieldset', {},
      make('legend', {}, key === 'verdict' ? 'Verdict' : 'Said by'), ...boxes.map(({node}) => node))))
    return {...toolbar(document.querySelector('.head').nextElementSibling, '', Object.keys(readers), tools, draw), has: () => true}
  }

  /* The chooser ------------------------------------------------------------ */

  const MOST = 4
  const MANY = 50
  const documents = new Map()
  const load = address => {
    if (!documents.has(address)) documents.set(address, fetch(address)
      .then(answer => answer.ok ? answer.text() : Promise.reject(new Error(address)))
      .then(text => new DOMParser().parseFromString(text, 'text/html')))
    return documents.get(address)
  }

  /* Cells of several matrix pages on this one: links lead where they led, citations are numbered anew. */
  const importer = references => (source, page, from) => {
    const copied = document.importNode(source, true)
    copied.removeAttribute('id')
    for (const more of all('details.more', copied)) more.replaceWith(...all('.aside', more))
    for (const link of all('a[href]', copied)) {
      const cited = link.closest('.cite') && link.getAttribute('href').slice(1)
      if (!cited) link.href = new URL(link.getAttribute('href'), from).href
      else {
        if (!references.has(cited)) references.set(cited, {id: cited, number: references.size + 1, page, from})
        link.textContent = references.get(cited).number
      }
    }
    return copied
  }

  const setUpChooser = async (chooser, index, root) => {
    const entries = new Map(index.entries.map(entry => [entry.slug, {...entry, names: [entry.title, ...entry.aliases ?? []].map(fold)}]))
    const node = slug => entries.get(slug) ?? index.classes[slug]
    const kindOf = entry => index.kinds[entry.kind]
    const above = slug => new Set((node(slug).is_a ?? []).flatMap(parent => [parent, ...above(parent)]))
    const wanted = () => [...new Set((query().get('ids') ?? '').split(',').map(id => id.trim()).filter(Boolean))]
    const ids = () => wanted().filter(id => entries.has(id)).slice(0, MOST)
    const write = chosen => change(next => chosen.length ? next.set('ids', chosen.join(',')) : next.delete('ids'))

    const chips = make('ul', {class: 'chips', 'aria-label': 'Chosen'})
    const input = make('input', {type: 'text', id: 'chooser-input', role: 'combobox', autocomplete: 'off', spellcheck: 'false',
      'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'chooser-list', 'aria-describedby': 'chooser-message'})
    const list = make('ul', {id: 'chooser-list', role: 'listbox', 'aria-label': 'Entries', hidden: ''})
    const message = make('p', {class: 'message', id: 'chooser-message'})
    const result = make('div', {class: 'result'})
    chooser.append(make('label', {for: 'chooser-input'}, 'Choose two to four things to see them side by side'),
      make('div', {class: 'combo'}, chips, input, list), message, result)

    const found = text => {
      const score = name => name.startsWith(text) ? 0 : name.includes(` ${text}`) || name.includes(`-${text}`) ? 1 : name.includes(text) ? 2 : 3
      return [...entries.values()].filter(({slug}) => !ids().includes(slug))
        .map(entry => ({entry, best: Math.min(...entry.names.map((name, i) => score(name) + (i && 0.5)))})).filter(({best}) => best < 3)
        .sort((a, b) => a.best - b.best || collator.compare(a.entry.title, b.entry.title)).slice(0, MANY).map(({entry}) => entry)
    }
    const activate = option => {
      all('[aria-selected=true]', list).forEach(other => other.setAttribute('aria-selected', 'false'))
      option?.setAttribute('aria-selected', 'true')
      option?.scrollIntoView({block: 'nearest'})
      option ? input.setAttribute('aria-activedescendant', option.id) : input.removeAttribute('aria-activedescendant')
    }
    const close = () => {
      list.hidden = true
      input.setAttribute('aria-expanded', 'false')
      activate()
    }
    const choose = slug => {
      input.value = ''
      close()
      if (ids().length === MOST) tell(`At most ${MOST} at a time: remove one before you add ${entries.get(slug).title}.`)
      else write([...ids(), slug])
    }
    const open = () => {
      const text = fold(input.value)
      const options = found(text).map(entry => {
        const alias = !text || fold(entry.title).includes(text) ? '' : `${entry.aliases?.find(name => fold(name).includes(text)) ?? ''}, `
        return make('li', {role: 'option', id: `option-${entry.slug}`, 'aria-selected': 'false',
          onpointerdown: event => event.preventDefault(), onclick: () => choose(entry.slug)},
        entry.title, ' ', make('small', {}, alias + kindOf(entry).label.toLowerCase()))
      })
      list.replaceChildren(...options)
      list.hidden = !options.length
      input.setAttribute('aria-expanded', String(options.length > 0))
      activate(text ? options[0] : undefined)
      if (!options.length) say('Nothing by that name')
    }
    const tell = text => { message.textContent = text; if (text) say(text) }
    const move = by => {
      if (list.hidden) open()
      const options = [...list.children]
      const at = options.findIndex(option => option.id === input.getAttribute('aria-activedescendant'))
      activate(options.at(at < 0 ? Math.min(by, 0) || 0 : (at + by) % options.length))
    }
    input.addEventListener('input', open)
    input.addEventListener('click', open)
    input.addEventListener('blur', close)
    input.addEventListener('keydown', event => {
      const active = input.getAttribute('aria-activedescendant')
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event.key === 'ArrowDown' ? 1 : -1)
      else if (event.key === 'Enter' && active) choose(active.slice('option-'.length))
      else if (event.key === 'Escape' && (input.value || !list.hidden)) { list.hidden ? input.value = '' : close() }
      else if (event.key === 'Backspace' && !input.value && ids().length) write(ids().slice(0, -1))
      else return
      event.preventDefault()
    })

    const link = slug => {
      const {title, url} = node(slug)
      return url ? make('a', {href: new URL(url, root).href}, title) : title
    }
    const links = slugs => slugs?.length ? slugs.flatMap((slug, i) => i ? [', ', link(slug)] : [link(slug)]) : [make('span', {class: 'value none'}, 'not stated')]
    const article = word => `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`

    const unlike = chosen => {
      if (new Set(chosen.map(({kind}) => kind)).size < 2) return []
      const kinds = chosen.map(entry => `${entry.title} is ${article(kindOf(entry).label.toLowerCase())}`)
      const pairs = chosen.flatMap(a => chosen.filter(b => b !== a).map(b => [a, b]))
      const said = pairs.flatMap(([a, b]) => [
        ...(a.built_on?.includes(b.slug) ? [`${a.title} is built on ${b.title}`] : []),
        ...(above(a.slug).has(b.slug) ? [`${b.title} is the wider term for ${a.title}`] : [])])
      const common = chosen.map(({slug}) => above(slug)).reduce((a, b) => new Set([...a].filter(slug => b.has(slug))))
      if (common.size) said.push(`all fall under ${listed([...common].map(slug => node(slug).title))}`)
      return [make('p', {class: 'unlike'}, `Not comparable because ${listed(kinds)}. ` +
        (said.length ? `What can still be said: ${said.join('; ')}.` : 'The taxonomy holds nothing that they share.'))]
    }

    const compared = async chosen => {
      const references = new Map()
      const bring = importer(references)
      const pages = await Promise.all(chosen.map(async entry => {
        const from = new URL(kindOf(entry).url, root).href
        return {entry, from, page: await load(from)}
      }))
      const none = text => make('td', {}, make('span', {class: 'value none'}, text))
      const summary = ({entry, page, from}) => {
        const title = page.getElementById(entry.slug).querySelector('th a')
        const line = all('dl.terms dt a', page).find(link => link.getAttribute('href') === title.getAttribute('href'))
        return make('td', {}, ...bring(line.closest('dt').nextElementSibling, page, from).childNodes)
      }
      const fixed = [
        ['In one line', pages.map(summary)],
        ['A kind of', chosen.map(({is_a}) => make('td', {}, ...links(is_a)))],
        ['Built on', chosen.map(entry => make('td', {}, ...links(entry.built_on)))]]
      const groups = {differ: [], one: [], same: [], unstated: []}
      for (const key of index.attributes) {
        const head = pages.map(({page}) => page.querySelector(`table.matrix th[data-key="${key}"]`)).find(Boolean)
        if (!head) continue
        const cells = pages.map(({entry, page, from}) => {
          const cell = page.getElementById(`${entry.slug}.${key}`)
          return cell ? Object.assign(bring(cell, page, from), {tabIndex: -1, home: `${from}#${entry.slug}.${key}`}) : none('not applicable')
        })
        cells.forEach(cell => { if (cell.home) cell.dataset.home = cell.home })
        const given = cells.filter(stated)
        const group = !given.length ? 'unstated' : given.length < 2 ? 'one' : !alike(given) ? 'differ' : given.length < cells.length ? 'one' : 'same'
        groups[group].push([head.textContent.trim(), cells, group])
      }
      const row = ([label, cells, group]) => make('tr', {class: group === 'one' && 'one-sided'}, make('th', {scope: 'row'}, label), ...cells)
      const table = (caption, rows) => make('div', {class: 'scroller', role: 'region', 'aria-label': caption, tabindex: 0},
        make('table', {class: 'pair'}, make('caption', {}, caption),
          make('thead', {}, make('tr', {}, make('th', {scope: 'col', 'data-key': 'title'}, 'Attribute'),
            ...chosen.map(({slug, kind}) => make('th', {scope: 'col', 'data-key': slug, class: `kind-${kind}`}, link(slug))))),
          make('tbody', {}, ...rows.map(row))))
      const names = listed(chosen.map(({title}) => title))
      const labels = groups.unstated.map(([label]) => label)
      const parts = [...unlike(chosen), table(`What differs between ${names}`, [...fixed, ...groups.differ, ...groups.one])]
      if (groups.same.length) parts.push(make('details', {class: 'same'},
        make('summary', {}, `The same in all (${groups.same.length})`), table(`What is the same in ${names}`, groups.same)))
      if (labels.length) parts.push(make('p', {class: 'legend'}, `Not stated for any of them: ${listed(labels)}.`))
      const sources = [...references.values()].map(({id, page, from}) =>
        make('li', {id}, ...bring(page.getElementById(id), page, from).childNodes))
      if (sources.length) parts.push(make('h2', {}, 'References'), make('ol', {class: 'references'}, ...sources))
      return parts
    }

    const name = document.title
    let drawn, bar
    bars.push({active: () => bar?.active(), clear: () => bar?.clear(), has: node => result.contains(node)})
    const draw = async () => {
      const chosen = ids().map(slug => entries.get(slug))
      const key = query().get('ids') ?? ''
      if (drawn === key) return bar?.view()
      drawn = key
      bar = undefined
      chips.replaceChildren(...chosen.map(({slug, title}) => make('li', {}, title, button({'aria-label': `Remove ${title}`, onclick: () => {
        write(ids().filter(other => other !== slug))
        input.focus()
      }}, '×'))))
      const asked = key.split(',').map(id => id.trim()).filter(Boolean)
      const unknown = wanted().filter(id => !entries.has(id))
      const extra = wanted().filter(id => entries.has(id)).slice(MOST)
      const remarks = []
      if (unknown.length) remarks.push(`Not in this guide: ${listed(unknown)}.`)
      if (asked.length > wanted().length) remarks.push('What was named twice is shown once.')
      if (extra.length) remarks.push(`At most ${MOST} at a time; left out: ${listed(extra.map(slug => node(slug).title))}.`)
      if (chosen.length === 1) remarks.push(`Choose something to set beside ${chosen[0].title}.`)
      tell(remarks.join(' '))
      document.title = chosen.length ? `${chosen.map(({title}) => title).join(' vs. ')} · ${name}` : name
      result.replaceChildren()
      if (chosen.length < 2) return
      const parts = await compared(chosen).catch(() => [make('p', {}, 'The comparison could not be loaded. Try again when you are connected.')])
      if (drawn !== key) return
      const own = index.pairs.find(url => url === `compare/${chosen.map(({slug}) => slug).sort().join('-vs-')}/`)
      const title = chosen.map(entry => entry.title).join(' vs. ')
      if (own && chosen.length === 2) parts.unshift(make('p', {class: 'own'}, make('a', {href: new URL(own, root).href}, `${title}: the page of this pair`)))
      result.replaceChildren(make('h2', {}, title), ...parts)
      if (result.querySelector('table')) bar = enhancePair(result)
      bar?.view()
      if (!remarks.length) say(`${title}: compared`)
    }
    views.push(draw)
    draw()
  }

  /* Start ----------------------------------------------------------------- */

  /* Brings what the address names into view: unfolds it, and shows it if the state of a table hid it. */
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    const fold = target.closest('details')
    if (fold) fold.open = true
    if (target.closest('[hidden]')) bars.find(bar => bar.has(target))?.clear()
    if (target.matches('[role=grid] tbody *') && target.matches('td, th')) rove(target)
    target.scrollIntoView()
    target.closest('.scroller:has(.matrix)')?.scrollIntoView()
  }
  document.body.append(dialog)
  linkPlaces()
  all('table.matrix').forEach(enhanceMatrix)
  const chooser = document.querySelector('.chooser')
  const content = document.querySelector('.md-content')
  if (content?.querySelector('table.pair')) {
    const bar = enhancePair(content)
    views.push(bar.view)
    bars.push(bar)
    bar.view()
  }
  const claims = all('.claim[id]')
  if (claims.length) {
    const bar = enhanceClaims(claims)
    views.push(bar.view)
    bars.push(bar)
    bar.view()
  }
  if (chooser) {
    const address = new URL(chooser.dataset.index, location)
    fetch(address).then(answer => answer.json()).then(index => setUpChooser(chooser, index, new URL('..', address)))
      .catch(() => chooser.append(make('p', {class: 'message'}, 'The chooser could not be loaded; the pages below work.')))
  }
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || dialog.open || document.getElementById('__search')?.checked) return
    const active = bars.filter(bar => bar.active())
    const near = active.find(bar => bar.has(event.target)) ?? active[0]
    near?.clear()
  })
  addEventListener('hashchange', reveal)
  // The browser goes to the fragment once more when everything has loaded.
  const settle = () => setTimeout(reveal)
  document.readyState === 'complete' ? settle() : addEventListener('load', settle)
})()
