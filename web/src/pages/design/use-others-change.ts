import { useEffect, useRef, useState } from 'react'
import { baseName, type Opening, openDesign, presentBase } from './opening.ts'
import type { Design } from './use-design.ts'

/** Looks, whenever the tab is come back to, whether somebody else changed the form, before one works on what is old. */
export function useOthersChange(formId: string, design: Design) {
  const [found, setFound] = useState<Opening>()
  const now = useRef(design)
  now.current = design

  useEffect(() => {
    let gone = false
    const idle = () => ['unchanged', 'saved'].includes(now.current.saveState.kind)
    const look = async () => {
      const mine = baseName(now.current.base)
      if (!idle() || document.visibilityState !== 'visible') return
      try {
        if (baseName(await presentBase(formId)) === mine) return
        const theirs = await openDesign(formId)
        // What was saved here while we asked is no news.
        if (!gone && idle() && baseName(now.current.base) === mine) setFound(theirs)
      } catch {
        // Saving says so, if it matters.
      }
    }
    const onLook = () => void look()
    window.addEventListener('focus', onLook)
    document.addEventListener('visibilitychange', onLook)
    return () => {
      gone = true
      window.removeEventListener('focus', onLook)
      document.removeEventListener('visibilitychange', onLook)
    }
  }, [formId])

  return {
    found,
    ignore: () => setFound(undefined),
    load() {
      if (found) design.load(found)
      setFound(undefined)
    },
  }
}
