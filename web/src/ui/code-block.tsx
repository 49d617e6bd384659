import './code-block.scss'
import { CopyButton } from './copy-button.tsx'

/** Code to copy. `what` names it: "Copy curl, newest submissions". Long lines are wrapped on the screen and whole in the clipboard. */
export function CodeBlock({ code, what }: { code: string; what: string }) {
  return (
    <div className="code-block">
      <pre dir="ltr">
        <code>{code}</code>
      </pre>
      <CopyButton text={code} what={what} size="sm" />
    </div>
  )
}
