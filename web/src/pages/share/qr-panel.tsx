import { useMemo } from 'react'
import { Button } from 'react-bootstrap'
import { useTranslation } from 'react-i18next'
import { useNotices } from '../../ui/notices.tsx'
import { pathOf, pngOf, qrCodeOf, svgOf, widthOf } from './qr-code.ts'

/** The link as a picture for posters and letters. Drawn here: no address of a form goes to another service. */
export function QrPanel({ link, fileName }: { link: string; fileName: string }) {
  const { t } = useTranslation('share')
  const notices = useNotices()
  const code = useMemo(() => qrCodeOf(link), [link])
  const width = widthOf(code)
  const savePng = async () => {
    const png = await pngOf(code)
    if (png) download(png, `${fileName}-qr.png`)
    else notices.failed(t('notDrawn'))
  }
  return (
    <section className="panel" aria-labelledby="share-qr">
      <h2 id="share-qr">{t('qr')}</h2>
      <p className="text-width">{t('qrText')}</p>
      <div className="share-qr">
        <svg viewBox={`0 0 ${width} ${width}`} role="img" aria-label={t('qrAlt')} shapeRendering="crispEdges">
          <path className="share-qr-light" d={`M0 0h${width}v${width}H0z`} />
          <path className="share-qr-dark" d={pathOf(code)} />
        </svg>
        <div className="share-buttons">
          <Button variant="outline-secondary" onClick={savePng}>
            {t('downloadPng')}
          </Button>
          <Button
            variant="outline-secondary"
            onClick={() => download(new Blob([svgOf(code)], { type: 'image/svg+xml' }), `${fileName}-qr.svg`)}
          >
            {t('downloadSvg')}
          </Button>
        </div>
      </div>
    </section>
  )
}

function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Some browsers read the file only after they have asked where to put it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
