import type { Frame } from 'playwright-core'

/** The file that the answers name. */
export const namedFileId = 'feedface-face-4ace-8ace-feedfacefeed'

/** A form of an honest author, with each kind of field that shows an answer in a way of its own. */
export const harmlessDefinition = {
  display: 'form',
  components: [
    { type: 'textfield', key: 'name', label: 'Name', input: true },
    { type: 'textarea', key: 'story', label: 'Story', input: true },
    { type: 'textarea', key: 'rich', label: 'Rich', input: true, editor: 'quill' },
    {
      type: 'select',
      key: 'choice',
      label: 'Choice',
      input: true,
      data: { values: [{ label: 'One', value: 'one' }] },
    },
    { type: 'select', key: 'free', label: 'Free', input: true, dataSrc: 'json', data: { json: [] } },
    { type: 'tags', key: 'tags', label: 'Tags', input: true },
    { type: 'content', key: 'content', html: '<p>You wrote: {{ data.name }}</p>', input: false, refreshOnChange: true },
    {
      type: 'datagrid',
      key: 'rows',
      label: 'Rows',
      input: true,
      components: [{ type: 'textfield', key: 'cell', label: 'Cell', input: true }],
    },
    { type: 'file', key: 'papers', label: 'Papers', input: true, storage: 'chefs', multiple: true },
  ],
}

/** Answers of somebody who tries to run scripts in the browser of whoever reads them. */
export function hostileAnswers(collectorUrl: string) {
  const handler = `window.answerRan=true;fetch('${collectorUrl}/answer-handler')`
  const html = [
    `<img src=x onerror="${handler}"><img src="${collectorUrl}/answer-image">`,
    `<script>${handler}</script><svg onload="${handler}"></svg>`,
    `<iframe src="${collectorUrl}/answer-iframe"></iframe><a href="javascript:${handler}">Leave</a>`,
    `<style>@import url(${collectorUrl}/answer-style);</style><link rel=stylesheet href="${collectorUrl}/answer-css">`,
  ].join('')
  const template = `{{ (function () { ${handler}; return '' })() }}`
  const file = { storage: 'chefs', size: 5, type: 'text/plain', url: `/app/api/v1/files/${namedFileId}` }
  return {
    name: `${html}${template}`,
    story: html,
    rich: html,
    choice: html,
    free: { label: html, value: html },
    tags: `${html},b`,
    rows: [{ cell: html }],
    papers: [
      { ...file, name: html, originalName: `${html}paper.txt`, data: { id: namedFileId } },
      { ...file, name: 'plain.txt', originalName: 'plain.txt', data: { id: namedFileId } },
    ],
  }
}

/** Whether a script of the answers ran in a document. */
export function ranIn(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => (window as { answerRan?: boolean }).answerRan === true)
}
