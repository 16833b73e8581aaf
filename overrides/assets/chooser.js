/* The chooser: any two to four things side by side. */
(() => {
  'use strict'

  const {all, make, button, fold, listed, collator, say, query, change, views, bars, stated, alike, enhancePair} = guide

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
    const article = word => `${/^(?:(?!uni(?![mn])|u[bkrst][aeiou]|eu|on(?:e|ce)\b)[aeiou]|hour|honest|honor|heir)/.test(word) ? 'an' : 'a'} ${word}`

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

    /** Two short titles that are compared on a page, as an example. */
    const example = () => {
      const pairs = index.pairs.map(url => url.split('/')[1].split('-vs-').map(slug => entries.get(slug)?.title))
      const texts = pairs.filter(titles => titles.every(Boolean)).map(listed)
      return texts.length ? `Such as ${texts.reduce((least, text) => text.length < least.length ? text : least)}` : ''
    }
    const hint = example()

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
      input.placeholder = chosen.length ? '' : hint
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
      wait(chosen.length > 1)
      if (chosen.length < 2) return result.replaceChildren()
      const parts = await compared(chosen).catch(() => [make('p', {}, 'The comparison could not be loaded. Try again when you are connected.')])
      if (drawn !== key) return
      const own = index.pairs.find(url => url === `compare/${chosen.map(({slug}) => slug).sort().join('-vs-')}/`)
      const title = chosen.map(entry => entry.title).join(' vs. ')
      if (own && chosen.length === 2) parts.unshift(make('p', {class: 'own'}, make('a', {href: new URL(own, root).href}, `${title}: the page of this pair`)))
      result.replaceChildren(make('h2', {}, title), ...parts)
      if (result.querySelector('table')) bar = enhancePair(result)
      bar?.view()
      wait(false)
      if (!remarks.length) say(`${title}: compared`)
    }
    views.push(draw)
    draw()
  }

  const chooser = document.querySelector('.chooser')
  const address = new URL(chooser.dataset.index, location)
  /** Until a comparison is drawn it has the window for itself, so that nothing moves when it comes. */
  const wait = waits => chooser.classList.toggle('waits', waits)
  wait(query().has('ids'))
  fetch(address).then(answer => answer.json()).then(index => setUpChooser(chooser, index, new URL('..', address)))
    .catch(() => {
      chooser.append(make('p', {class: 'message'}, 'The chooser could not be loaded; the pages below work.'))
      wait(false)
    })
})()
