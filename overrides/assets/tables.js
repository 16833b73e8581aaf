/* Tables and claims that sort, filter and open. */
(() => {
  'use strict'

  const {all, make, button, fold, collator, say, region, query, change, redraw, views, bars, copy, addressOf, rove} = guide
  const report = document.currentScript.dataset.report

  /* A long page is drawn, and answers, between two pieces of work. */
  const later = work => setTimeout(work)

  /* Values ---------------------------------------------------------------- */

  const stated = cell => cell.querySelector('.given')
  const items = cell => {
    const given = stated(cell)
    const parts = given ? all('[data-value]', given) : []
    return (parts.length ? parts : given ? [given] : []).map(part => ({
      key: part.dataset.value || part.textContent.trim(), label: part.textContent.trim()}))
  }
  const identity = cell => items(cell).map(item => fold(item.key)).sort().join('\n')
  const alike = ([first, ...others]) => {
    const same = identity(first)
    return others.every(cell => identity(cell) === same)
  }

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
    const sources = all('.cite a', cell).sort((a, b) => a.textContent - b.textContent).map(link => {
      const [source] = copies([document.getElementById(link.hash.slice(1))])
      all('.copy', source).forEach(node => node.remove())
      return make('li', {value: link.textContent}, ...source.childNodes)
    })
    const plain = cell.cloneNode(true)
    all('.cite', plain).forEach(node => node.remove())
    const address = addressOf(cell)
    const reported = {form: 'wrong-fact', title: `${entry}: ${attribute}`, url: address}
    dialog.replaceChildren(
      make('div', {class: 'top'},
        button({class: 'close', 'aria-label': 'Close', onclick: () => dialog.close()}, '×'),
        make('h2', {id: 'cell-title', tabindex: -1, autofocus: ''}, make('small', {}, entry), ' ', attribute)),
      make('dl', {},
        ...line('Value', ...(value ? copies([value]) : plain.childNodes)),
        ...line('Note', ...copies(notes)),
        ...line('As of', ...aged.flatMap(aside => copies([aside.querySelector('time')]))),
        ...line('An article differs', ...all('.disputed', cell).map(link => make('p', {}, make('a', {href: link.href}, link.title)))),
        ...line('Sources', ...(sources.length ? [make('ol', {}, ...sources)] : []))),
      make('p', {class: 'actions'},
        ...(address ? [button({onclick: () => copy(address)}, 'Copy link')] : []),
        ...(report ? [make('a', {href: report.replace(/\{(form|title|url)\}/g, (_, key) => encodeURIComponent(reported[key]))}, 'Report a problem')] : [])))
    dialog.append(region)
    dialog.showModal()
  }
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close() })
  dialog.addEventListener('close', () => document.body.append(region))

  const seen = list => [...list].filter(node => !node.hidden)
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
    const stop = table.querySelector('tbody [tabindex="0"]') ?? cells[0]
    cells.forEach(cell => { cell.tabIndex = cell === stop ? 0 : -1 })
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
      const ordered = column ? sorted(rows, column, way === 'desc') : rows
      if (ordered.some((row, i) => row !== body.rows[i])) body.append(...ordered)
      return column ? `, sorted by ${column.label}, ${ARIA[way]}` : ''
    }
    return {rows, columns, draw}
  }

  /* Toolbars -------------------------------------------------------------- */

  /** A number of things, in words. */
  const some = (count, things) => `${count} ${count === 1 ? things.replace(/ies$/, 'y').replace(/s$/, '') : things}`
  /** What is shown, from what a toolbar says about it. */
  const found = text => {
    const [, count, things] = /^(\d+) of \d+ (\w+)/.exec(text)
    return some(Number(count), things)
  }

  let panels = 0
  /** A button and what it opens, made when it is first opened; on a phone that is a sheet with a button at its foot. */
  const panel = (label, fill, counted = found) => {
    const body = make('div', {class: 'panel', id: `panel-${++panels}`, hidden: ''})
    const done = button({onclick: () => leave()})
    const toggle = button({'aria-expanded': 'false', 'aria-controls': body.id, onclick: () => show(body.hidden)}, label)
    const show = open => {
      if (open && !body.hasChildNodes()) {
        body.append(...fill(), make('p', {class: 'done'}, done))
        redraw()
      }
      body.hidden = !open
      toggle.setAttribute('aria-expanded', open)
      if (open) place()
    }
    /** Puts what is open under its button, or as near as there is room. */
    const place = () => {
      body.style.setProperty('--left', '0px')
      const most = tool.parentElement.clientWidth - body.offsetWidth
      body.style.setProperty('--left', `${Math.max(0, Math.min(toggle.offsetLeft, most))}px`)
    }
    const leave = () => {
      show(false)
      toggle.focus()
    }
    const tool = make('div', {class: 'tool', onkeydown: event => {
      if (event.key !== 'Escape' || body.hidden) return
      event.preventDefault()
      leave()
    }}, toggle, body)
    document.addEventListener('pointerdown', event => { if (!tool.contains(event.target)) show(false) })
    return Object.assign(tool, {tell: text => { done.textContent = `Show ${counted(text)}` }})
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
    const kept = place.previousElementSibling
    const bar = kept?.matches('.toolbar') ? kept : make('div', {class: 'toolbar'})
    if (bar !== kept) place.before(bar)
    bar.role = 'group'
    bar.ariaLabel = 'Table tools'
    bar.append(...tools, reset, shown)
    let last
    const view = () => {
      const state = keys.map(key => query().getAll(prefix + key)).join('|')
      const text = draw()
      const active = document.activeElement === reset
      reset.hidden = keys.every(key => !query().has(prefix + key))
      if (active && reset.hidden) (bar.querySelector('button:not([hidden])') ?? place).focus()
      for (const tool of tools) tool.tell?.(text)
      shown.textContent = tools.length ? text.replace(/, sorted.*/, '') : ''
      if (last !== undefined && last !== state) say(text)
      last = state
    }
    return {view, clear, active: () => !reset.hidden}
  }

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
    const fields = () => filters.map(filter => {
      filter.boxes = filter.options.map(({key, label}) => checkbox(key, label, () => set(prefix + filter.column.key, filter.boxes)))
      return make('fieldset', {}, make('legend', {}, filter.column.label), ...filter.boxes.map(({node}) => node))
    })
    let chosen
    const choice = () => {
      chosen = attributes.map(column => checkbox(column.key, column.label, () => {
        const keys = chosen.filter(({box}) => box.checked).map(({box}) => box.value)
        change(next => keys.length && keys.length < chosen.length ? next.set(`${prefix}cols`, keys.join(',')) : next.delete(`${prefix}cols`))
      }))
      return [make('fieldset', {}, make('legend', {}, 'Columns shown'), ...chosen.map(({node}) => node))]
    }
    const differences = differencesButton(prefix)
    const passes = (row, {column, wanted}) => !wanted.length || items(row.cells[column.index]).some(({key}) => wanted.includes(key))
    const draw = () => {
      for (const filter of filters) filter.wanted = query().getAll(prefix + filter.column.key)
      for (const row of rows) row.hidden = !filters.every(filter => passes(row, filter))
      for (const filter of filters.filter(({boxes}) => boxes)) {
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
      differences.hidden = !diff
      attributes.forEach((column, i) => {
        const wanted = !cols || cols.includes(column.key)
        if (chosen) chosen[i].box.checked = wanted
        const same = wanted && visible.length > 1 && alike(visible.map(row => row.cells[column.index]))
        if (same) differences.hidden = false
        const hidden = !wanted || (diff && same)
        for (const cell of [column.head, ...rows.map(row => row.cells[column.index])]) cell.hidden = hidden
      })
      const sorting = sort()
      const stop = table.querySelector('tbody [tabindex="0"]')
      const first = seen(table.tBodies[0].rows)[0]
      if (first && (!stop || stop.hidden || stop.parentElement.hidden)) rove(first.cells[0])
      return `${visible.length} of ${some(rows.length, 'entries')} shown${sorting}`
    }
    const tools = []
    if (filters.length) tools.push(panel('Filter', fields))
    const columnsSeen = () => some(seen(attributes.map(({head}) => head)).length, 'columns')
    if (attributes.length > WIDE) tools.push(panel('Columns', choice, columnsSeen))
    tools.push(differences)
    later(() => makeGrid(table))
    const keys = ['sort', 'dir', 'diff', 'cols', ...filters.map(({column}) => column.key)]
    const bar = toolbar(table.closest('.scroller'), prefix, keys, tools, draw)
    views.push(bar.view)
    bars.push({...bar, has: node => table.contains(node)})
    bar.view()
  }

  /* Comparisons ----------------------------------------------------------- */

  const enhancePair = root => {
    const tables = all('table.pair', root)
    later(() => tables.forEach(makeGrid))
    const rows = all('table.pair tbody tr', root)
    const marks = new Map(rows.map(row => [row, all('td .value', row).map(mark => mark.dataset.value ?? mark.textContent)]))
    const labels = new Map(all('table.pair td .value', root).map(mark => [mark.dataset.value ?? mark.textContent, mark.textContent]))
    const boxes = [...labels].map(([value, label]) => checkbox(value, label, () => change(next => {
      next.delete('value')
      boxes.filter(({box}) => box.checked).forEach(({box}) => next.append('value', box.value))
    })))
    const differences = differencesButton('')
    const differs = row => !row.closest('details.same, tr.one-sided')
    const draw = () => {
      const diff = query().has('diff')
      const wanted = query().getAll('value')
      const kept = rows.filter(row => !diff || differs(row))
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
      return `${seen(rows).length} of ${some(rows.length, 'attributes')} shown`
    }
    const tools = rows.every(differs) ? [] : [differences]
    if (boxes.length > 1) tools.push(panel('Filter', () => [make('fieldset', {}, make('legend', {}, 'Attributes with the value'), ...boxes.map(({node}) => node))]))
    return {...toolbar(tables[0].closest('.scroller'), '', ['diff', 'value'], tools, draw), has: node => root.contains(node)}
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
      return `${claims.filter(claim => !claim.hidden).length} of ${some(claims.length, 'claims')} shown`
    }
    const tools = filters.map(({key, boxes}) => panel(key === 'verdict' ? 'Verdict' : 'Article', () => [make('fieldset', {},
      make('legend', {}, key === 'verdict' ? 'Verdict' : 'Said by'), ...boxes.map(({node}) => node))]))
    return {...toolbar(document.querySelector('.toolbar').nextElementSibling, '', Object.keys(readers), tools, draw), has: () => true}
  }

  /* Start ----------------------------------------------------------------- */

  document.body.append(dialog)
  all('table.matrix').forEach((table, position) => later(() => enhanceMatrix(table, position)))
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
  Object.assign(guide, {stated, alike, enhancePair})
})()
