/**
 * What somebody puts into a page of theirs: the form in a frame that grows with it. Only messages of this very frame are
 * listened to.
 */
export function embedCode(origin: string, formId: string, title: string): string {
  const id = `form-${formId}`
  return `<iframe id="${id}" title="${escapeHtml(title)}"
  src="${origin}/app/form/submit?f=${formId}&amp;embed=1"
  width="100%" height="600" style="border: 0"></iframe>
<script>
  addEventListener('message', ({ source, data }) => {
    const frame = document.getElementById('${id}')
    if (source === frame.contentWindow && data?.type === 'formgate:height') frame.height = data.px
  })
</script>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
