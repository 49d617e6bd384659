import { useEffect, useRef, useState } from 'react'
import type { Definition } from '../../frame/protocol.ts'
import type { FormFrameHandle } from '../../ui/form-frame.tsx'
import { type History, historyOf, redo, step, undo } from './history.ts'
import { dropCopies, forgetCopy, keepCopy } from './local-copies.ts'
import { type Base, baseName, type Opening, ofDraft } from './opening.ts'
import { type SaveState, saverOf } from './saver.ts'
import { addDraft, isConflict, isPassing, storeDesign } from './storing.ts'

type Options = {
  formId: string
  personId: string
  opening: Opening
  /** Changes of an earlier visit that were not saved; they are shown and saved now. */
  restored: string | undefined
}

/** The design that is being worked on: what is shown, its steps to undo, and its being saved. */
export function useDesign({ formId, personId, opening, restored }: Options) {
  const frame = useRef<FormFrameHandle>(null)
  const [design] = useState(() => createDesign({ formId, personId, opening, restored }, () => refresh({})))
  const [, refresh] = useState<object>({})

  useEffect(() => {
    design.start()
    const flush = () => void design.saver.flush()
    const hidden = () => document.visibilityState === 'hidden' && flush()
    const ask = (event: BeforeUnloadEvent) => design.mayLose() && event.preventDefault()
    window.addEventListener('online', flush)
    window.addEventListener('pagehide', flush)
    window.addEventListener('beforeunload', ask)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      window.removeEventListener('online', flush)
      window.removeEventListener('pagehide', flush)
      window.removeEventListener('beforeunload', ask)
      document.removeEventListener('visibilitychange', hidden)
      design.saver.stop()
      flush()
    }
  }, [design])

  const send = (text: string) => frame.current?.send({ type: 'definition', definition: JSON.parse(text) as Definition })
  return {
    frame,
    ...design.present(),
    /** What it is stored as by now; `base` is from the last drawing. */
    baseNow: () => design.present().base,
    definition: () => JSON.parse(design.present().text) as Definition, // only texts of definitions get in
    flush: () => design.saver.flush(),
    /** A change that was made in the builder. */
    changed: (definition: Definition) => design.change(JSON.stringify(definition)),
    /** Another definition takes the place of the shown one; it can be undone. */
    replace(definition: Definition) {
      const text = JSON.stringify(definition)
      design.change(text)
      send(text)
    },
    undo: () => design.move(undo, send),
    redo: () => design.move(redo, send),
    /** What was shown is stored in a new draft, beside what somebody else did. */
    keepAsNewDraft: () => design.keepAsNewDraft(),
    /** What the server has is shown; what was shown can be had back by undoing. */
    load(theirs: Opening) {
      design.load(theirs)
      send(design.present().text)
    },
    /** It is stored as this now, with nothing changed since. */
    rebase: (base: Base) => design.rebase(base),
  }
}

export type Design = ReturnType<typeof useDesign>

function createDesign({ formId, personId, opening, restored }: Options, refresh: () => void) {
  const opened = JSON.stringify(opening.definition)
  let base = opening.base
  let history: History = step(historyOf(opened), restored ?? opened)
  let saveState: SaveState = { kind: 'unchanged' }
  let copied = true

  const tell = (state: SaveState) => {
    saveState = state
    refresh()
  }
  const forget = () => void (restored === undefined ? forgetCopy(personId, formId) : dropCopies(personId, formId))
  const saver = saverOf({
    saved: opened,
    async store(text) {
      const draft = await storeDesign(formId, base, text)
      base = ofDraft(draft)
      return { at: draft.updatedAt }
    },
    keep(text) {
      const copy = { text, base: baseName(base), keptAt: new Date().toISOString() }
      void keepCopy(personId, formId, copy).then((kept) => {
        copied = kept
      })
    },
    forget,
    isConflict,
    isPassing,
    tell,
  })

  function change(text: string): void {
    history = step(history, text)
    saver.change(text)
    refresh()
  }
  /** The server has `text` now, in `newBase`. */
  function settle(newBase: Base, text: string, at: string | undefined): void {
    base = newBase
    saver.settle(text, at ? { kind: 'saved', at } : { kind: 'unchanged' })
  }

  return {
    saver,
    change,
    present: () => ({
      base,
      saveState,
      text: history.present,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
    }),
    start() {
      saver.start()
      if (restored !== undefined) change(restored)
    },
    mayLose: () => saver.pending() && (!copied || saveState.kind === 'failed' || saveState.kind === 'conflict'),
    move(direction: typeof undo, send: (text: string) => void) {
      const moved = direction(history)
      if (!moved) return
      history = moved
      saver.change(moved.present)
      send(moved.present)
      refresh()
    },
    async keepAsNewDraft() {
      const text = history.present
      const draft = await addDraft(formId, text, base.kind === 'version' ? base.id : null)
      settle(ofDraft(draft), text, draft.updatedAt)
      forget()
      if (history.present !== text) saver.change(history.present)
    },
    load(theirs: Opening) {
      const text = JSON.stringify(theirs.definition)
      history = step(history, text)
      settle(theirs.base, text, theirs.at)
      saver.change(text)
    },
    rebase(newBase: Base) {
      settle(newBase, history.present, undefined)
    },
  }
}
