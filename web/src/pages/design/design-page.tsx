import './design.scss'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormId, useMay } from '../../app/form.ts'
import { useSession } from '../../app/session.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { Designer } from './designer.tsx'
import { LeftCopy } from './left-copy.tsx'
import { dropCopies, findCopy } from './local-copies.ts'
import { baseName, openDesign } from './opening.ts'

export function DesignPage() {
  const formId = useFormId()
  const may = useMay()
  const person = useSession()
  const { t } = useTranslation('design')
  if (may('design_create') && may('design_update') && person) {
    return <OpenDesigner key={formId} formId={formId} personId={person.id} />
  }
  return (
    <Page title={t('title')} width="text">
      <p>{t('mayNotDesign')}</p>
      <p>
        <Link to="/app/form/preview" search={{ f: formId }}>
          {t('lookAtPreview')}
        </Link>
      </p>
    </Page>
  )
}

/** Opens the newest design, with what this browser has and the server has not. */
function OpenDesigner({ formId, personId }: { formId: string; personId: string }) {
  const { t } = useTranslation('design')
  const [left, setLeft] = useState<'undecided' | 'later'>('undecided')
  const opening = useQuery({
    queryKey: ['form', formId, 'design', 'opening'],
    async queryFn() {
      const [opened, copy] = await Promise.all([openDesign(formId), findCopy(personId, formId)])
      return { ...opened, copy: copy?.text === JSON.stringify(opened.definition) ? undefined : copy }
    },
    // From here on the designer knows better; the next visit asks again.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  if (opening.isPending) {
    return (
      <Page title={t('title')}>
        <Loading rows={6} />
      </Page>
    )
  }
  if (opening.error) {
    return (
      <Page title={t('title')}>
        <Failure error={opening.error} what={t('notOpened')} retry={() => void opening.refetch()} />
      </Page>
    )
  }
  const { copy } = opening.data
  const fits = copy?.base === baseName(opening.data.base)
  if (copy && !fits && left === 'undecided') {
    return (
      <LeftCopy
        formId={formId}
        copy={copy}
        opening={opening.data}
        onStored={async () => {
          await dropCopies(personId, formId)
          await opening.refetch()
        }}
        onLater={() => setLeft('later')}
      />
    )
  }
  return (
    <Designer
      key={baseName(opening.data.base)}
      formId={formId}
      personId={personId}
      opening={opening.data}
      restored={copy && fits ? copy.text : undefined}
    />
  )
}
