import { describe, expect, it } from 'vitest'
import { isPageName, languagesFor, renderPage } from './page.ts'

const htmlOf = (markdown: string) => renderPage(markdown).html.trim()

describe('renderPage', () => {
  it('takes the first heading of the first level for the title', () => {
    expect(renderPage('# Terms *of* `use`\n\nFair play.\n')).toEqual({
      title: 'Terms of use',
      html: '<p>Fair play.</p>\n',
    })
  })

  it('has no title without one', () => {
    expect(renderPage('## Scope\n\nAll.')).toEqual({ title: undefined, html: '<h2>Scope</h2>\n<p>All.</p>\n' })
  })

  it.each([
    ['lists', '- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['emphasis', '**a** & *b*', '<p><strong>a</strong> &amp; <em>b</em></p>'],
    ['character references', '&copy; 2026 &amp; on', '<p>&copy; 2026 &amp; on</p>'],
    ['code', '`<b>`', '<p><code>&lt;b&gt;</code></p>'],
    ['accents', 'Conditions d’utilisation', '<p>Conditions d’utilisation</p>'],
  ])('renders %s', (_, markdown, html) => {
    expect(htmlOf(markdown)).toBe(html)
  })

  it.each([
    ['https://example.org/?a=1&b=2', 'https://example.org/?a=1&amp;b=2'],
    ['https://example.org/?a=1&amp;b=2', 'https://example.org/?a=1&amp;b=2'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
    ['/app/privacy', '/app/privacy'],
    ['#scope', '#scope'],
  ])('links to %s, without telling the other page of ours', (address, href) => {
    expect(htmlOf(`[here](${address})`)).toBe(`<p><a href="${href}" rel="noopener noreferrer">here</a></p>`)
  })

  it.each(['javascript:alert(1)', 'JavaScript:alert(1)', 'vbscript:x', 'data:text/html,x', 'file:///etc/passwd'])(
    'keeps the text of a link to %s and not the link',
    (address) => {
      expect(htmlOf(`[here](${address})`)).toBe('<p>here</p>')
    },
  )

  it('shows a picture by its description', () => {
    expect(htmlOf('![a <b> seal](https://example.org/x.png)')).toBe('<p>a &lt;b&gt; seal</p>')
  })

  it('leaves comments out', () => {
    expect(htmlOf('<!-- to do -->\n\nText <!-- here --> too')).toBe('<p>Text  too</p>')
  })

  const hostile = [
    '<script>alert(1)</script>',
    'a <script>alert(1)</script> b',
    '<img src=x onerror=alert(1)>',
    'a <pre><img src=x onerror=alert(1) <b> c',
    'a <code>< img src=x onerror=alert(1) </code>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript&colon;alert(1))',
    '[x](java&#115;cript:alert(1))',
    '[x](<java\tscript:alert(1)>)',
    '[x](https://example.org/"onclick="alert(1))',
    '[x](https://example.org "a"onclick="alert(1)")',
    '![" onerror="alert(1)](x)',
    '<javascript:alert(1)>',
    '```"><script>alert(1)</script>\nx\n```',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<!--><img src=x onerror=alert(1)>-->',
    '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
    '# <img src=x onerror=alert(1)>\n\n## <b onclick=alert(1)>',
  ]

  it.each(hostile)('makes no tag and no address of its own out of %s', (markdown) => {
    const html = htmlOf(markdown)
    const tags = [...html.matchAll(/<(\/?[a-z0-9]+)([^>]*)>/g)]
    for (const [, name, attributes = ''] of tags) {
      expect(name).toMatch(/^\/?(p|a|pre|code|h2|table|thead|tbody|tr|th|td)$/)
      expect(attributes).toMatch(
        /^( href="(https:\/\/example\.org\/?|java(script)?&amp;)[^"]*" rel="noopener noreferrer"| class="[^"]*")?$/,
      )
    }
    expect(html.replace(/<\/?[a-z0-9]+[^>]*>/g, '')).not.toMatch(/[<>]/)
  })
})

it.each([
  ['fr', ['fr']],
  ['fr-CA', ['fr-CA', 'fr']],
  ['zh-Hant-TW', ['zh-Hant-TW', 'zh-Hant', 'zh']],
])('looks for %s in %j', (lang, languages) => {
  expect(languagesFor(lang)).toEqual(languages)
})

it.each([
  ['terms', true],
  ['service-agreement', true],
  ['../terms', false],
  ['toString', false],
])('knows whether %s is a page', (name, known) => {
  expect(isPageName(name)).toBe(known)
})
