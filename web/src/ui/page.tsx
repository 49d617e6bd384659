import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

type PageProps = { title: string; children: ReactNode; lead?: ReactNode; actions?: ReactNode; width?: 'text' | 'full' }

/** A page: its title in the tab and as its one `h1`, which takes the focus when the page is opened. */
export function Page({ title, lead, actions, children, width = 'full' }: PageProps) {
  const heading = useTitle(title)
  return (
    <div className={width === 'text' ? 'page page-text' : 'page'}>
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead && <p className="lead-text">{lead}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** Sets the tab's title and moves the focus to the heading, so that screen readers say where one is. */
export function useTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('pageTitle', { title })
  }, [title, t])
  useEffect(() => {
    // Only when nothing on the page asked for the focus, such as the first field of a form.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  return heading
}
