import { useState } from 'react'
import { Badge } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { Prose } from './prose.tsx'
import { schemaRows, typeText } from './schema-outline.ts'
import type { Operation, Parameter, Reply, Schema, SpecDocument } from './spec.ts'
import { TryIt } from './try-it.tsx'
import type { Credentials } from './try-request.ts'

type OperationDetailsProps = { spec: SpecDocument; operation: Operation; credentials: Credentials }

/** One operation; what is inside is made when it is opened, for there are many. */
export function OperationDetails({ spec, operation, credentials }: OperationDetailsProps) {
  const { t } = useTranslation('api')
  const [opened, setOpened] = useState(false)
  const { method, path, summary, takesKey } = operation
  return (
    <details className="operation" onToggle={(event) => setOpened((before) => before || event.currentTarget.open)}>
      <summary>
        <h3>
          <span className={`operation-method operation-${method.toLowerCase()}`}>{method}</span>{' '}
          <code dir="ltr">{path}</code>{' '}
          <span className="operation-summary" lang="en">
            {summary}
          </span>
        </h3>
        {takesKey && <Badge bg="secondary">{t('takesKey')}</Badge>}
      </summary>
      {opened && (
        <div className="operation-body">
          <Prose text={operation.description} />
          <Parameters spec={spec} parameters={operation.parameters} />
          {operation.body && (
            <>
              <h4>{t('body')}</h4>
              <p className="small mb-1">
                <code>{operation.body.mediaType}</code>
              </p>
              <Members spec={spec} schema={operation.body.schema} />
            </>
          )}
          <h4>{t('replies')}</h4>
          {operation.replies.map((reply) => (
            <ReplyDetails key={reply.status} spec={spec} reply={reply} />
          ))}
          {takesKey ? (
            <TryIt spec={spec} operation={operation} credentials={credentials} />
          ) : (
            <p className="text-width">{t('refusesKey')}</p>
          )}
        </div>
      )}
    </details>
  )
}

function Parameters({ spec, parameters }: { spec: SpecDocument; parameters: Parameter[] }) {
  const { t } = useTranslation('api')
  if (parameters.length === 0) return null
  return (
    <>
      <h4>{t('parameters')}</h4>
      <Table label={t('parameters')}>
        {parameters.map((parameter) => (
          <tr key={`${parameter.in}:${parameter.name}`}>
            <th scope="row">
              <code>{parameter.name}</code> <Required required={parameter.required === true} />
            </th>
            <td className="parameter-place">{t(`in.${parameter.in}`)}</td>
            <td>
              <code>{typeText(spec, parameter.schema ?? {})}</code>
              <Default schema={parameter.schema} />
            </td>
            <td>
              <Prose text={parameter.description ?? parameter.schema?.description ?? ''} />
            </td>
          </tr>
        ))}
      </Table>
    </>
  )
}

/** What a body or a reply consists of. */
function Members({ spec, schema }: { spec: SpecDocument; schema: Schema }) {
  const { t } = useTranslation('api')
  const rows = schemaRows(spec, schema)
  return (
    <>
      <p className="mb-1">
        <code>{typeText(spec, schema)}</code>
      </p>
      {rows.length > 0 && (
        <Table label={t('members')}>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names repeat on several levels, and the rows never move.
            <tr key={index}>
              <th scope="row" className={`member-depth-${row.depth}`}>
                <code>{row.name}</code> <Required required={row.required} />
              </th>
              <td>
                <code>{row.type}</code>
              </td>
              <td>
                <Prose text={row.description} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}

function ReplyDetails({ spec, reply }: { spec: SpecDocument; reply: Reply }) {
  const { t } = useTranslation('api')
  const kinds = reply.mediaTypes.join(', ')
  // Errors are described by a list of their codes.
  const codes = [...reply.description.matchAll(/^- `(\w+)`/gm)].map(([, code]) => code)
  return (
    <details className="reply">
      <summary>
        <code>{reply.status}</code>{' '}
        <span lang="en">{codes.length > 0 ? codes.join(', ') : reply.description.split('\n')[0]}</span>
      </summary>
      <div className="reply-body">
        {(codes.length > 0 || reply.description.includes('\n')) && <Prose text={reply.description} />}
        {kinds && (
          <p className="small mb-1">
            <code>{kinds}</code>
          </p>
        )}
        {reply.schema ? <Members spec={spec} schema={reply.schema} /> : !kinds && <p>{t('noBody')}</p>}
      </div>
    </details>
  )
}

function Required({ required }: { required: boolean }) {
  const { t } = useTranslation('api')
  return required ? <span className="small text-body-secondary">{t('required')}</span> : null
}

function Default({ schema }: { schema: Schema | undefined }) {
  const { t } = useTranslation('api')
  if (schema?.default === undefined) return null
  return <span className="d-block small">{t('default', { value: JSON.stringify(schema.default) })}</span>
}

function Table({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <table className="table table-sm operation-table" aria-label={label}>
      <tbody>{children}</tbody>
    </table>
  )
}
