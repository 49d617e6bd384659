import { useEffect, useRef } from 'react'
import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../ui/code-block.tsx'
import { shownBytes, type TryReply } from './try-reply.ts'

/** Status, the headers that matter, and the body. */
export function TryResult({ reply }: { reply: TryReply }) {
  const { t } = useTranslation('api')
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each reply is shown anew, even one like the last.
  useEffect(() => {
    // In braces: what it gives back in new browsers would be taken for a clean-up.
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [reply])
  const good = reply.status < 400
  return (
    <div className="try-result">
      <h5 ref={heading}>{t('reply')}</h5>
      <p role="status">
        <Badge bg={good ? 'primary' : 'danger'}>{`${reply.status} ${reply.statusText}`.trim()}</Badge>
      </p>
      <dl className="try-headers">
        {reply.headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
      {reply.text === undefined && <p>{t('notText', { type: reply.mediaType })}</p>}
      {reply.text === '' && <p>{t('noBody')}</p>}
      {reply.cut && <p>{t('cut', { megabytes: shownBytes / 1e6 })}</p>}
      {reply.text && (
        <div className="try-text">
          <CodeBlock code={reply.text} what={t('replyBody')} />
        </div>
      )}
    </div>
  )
}
