// Runs before everything else in the frame, which has an origin of its own without storage: form.io expects cookies and
// storage, and reading them there throws. What is kept here lives as long as the frame. A plain file, because a module
// would run too late.
;(() => {
  class Memory {
    #items = new Map()
    get length() {
      return this.#items.size
    }
    key(index) {
      return [...this.#items.keys()][index] ?? null
    }
    getItem(name) {
      return this.#items.get(String(name)) ?? null
    }
    setItem(name, value) {
      this.#items.set(String(name), String(value))
    }
    removeItem(name) {
      this.#items.delete(String(name))
    }
    clear() {
      this.#items.clear()
    }
  }
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(window, name, { value: new Memory(), configurable: false })
  }
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined, configurable: false })
  // No policy of the browser covers these two: they would carry answers to any address.
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel']) {
    Object.defineProperty(window, name, { value: undefined, configurable: false, writable: false })
  }
})()
