import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { leave } from '../../app/session.tsx'
import { Confirm } from '../../ui/confirm.tsx'

export function SignOutEverywhere() {
  const { t } = useTranslation('account')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  return (
    <section className="panel" aria-labelledby="account-sessions">
      <h2 className="h5" id="account-sessions">
        {t('signOutEverywhere')}
      </h2>
      <p>{t('signOutEverywhereText')}</p>
      <Button variant="outline-danger" onClick={() => setAsking(true)}>
        {t('signOutEverywhere')}
      </Button>
      <Confirm
        show={asking}
        title={t('signOutEverywhereAsk')}
        action={t('signOutEverywhere')}
        danger
        failed={t('notSignedOutEverywhere')}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await answer(api.POST('/app/api/auth/sign-out-everywhere'))
          leave(queries)
          await navigate({ to: '/app/sign-in' })
        }}
      >
        <p className="mb-0">{t('signOutEverywhereConsequence')}</p>
      </Confirm>
    </section>
  )
}
