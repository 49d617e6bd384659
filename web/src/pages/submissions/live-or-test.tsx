import { ToggleButton, ToggleButtonGroup } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useHasTests } from './use-has-tests.ts'

type LiveOrTestProps = { test: boolean; onChoose(test: boolean): void }

/** Which of the two kinds of submissions is looked at; nothing where there is only one. */
export function LiveOrTest({ test, onChoose }: LiveOrTestProps) {
  const { t } = useTranslation('submissions')
  const hasTests = useHasTests()
  if (!hasTests && !test) return null
  return (
    <fieldset className="live-or-test">
      <legend className="visually-hidden">{t('liveOrTest')}</legend>
      <ToggleButtonGroup
        type="radio"
        name="live-or-test"
        value={test ? 'test' : 'live'}
        onChange={(value) => onChoose(value === 'test')}
      >
        <ToggleButton id="submissions-live" value="live" variant="outline-primary" size="sm">
          {t('live')}
        </ToggleButton>
        <ToggleButton id="submissions-test" value="test" variant="outline-primary" size="sm">
          {t('test')}
        </ToggleButton>
      </ToggleButtonGroup>
    </fieldset>
  )
}
