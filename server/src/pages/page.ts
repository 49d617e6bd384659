import { Marked, type Token } from 'marked'

/** The pages at the foot of every page, which whoever runs the server fills. */
export const pageNames = ['terms', 'privacy', 'security', 'service-agreement', 'accessibility'] as const
export type PageName = (typeof pageNames)[number]

export type RenderedPage = { title: string | undefined; html: string }

export function isPageName(name: string): name is PageName {
  return pageNames.some((each) => each === name)
}

/** The languages to look for, best first: `fr-CA` is also `fr`. */
export function languagesFor(lang: string): string[] {
  const parts = lang.split('-')
  return parts.map((_, place) => parts.slice(0, parts.length - place).join('-'))
}

/**
 * Renders Markdown. HTML in it is shown as text and not taken as HTML; pictures are shown by their descriptions, for our
 * pages load none. The first heading of the first level is the title, and not repeated in the text.
 */
export function renderPage(markdown: string): RenderedPage {
  const tokens = marked.lexer(markdown)
  const place = tokens.findIndex((token) => token.type === 'heading' && token.depth === 1)
  const [heading] = place < 0 ? [] : tokens.splice(place, 1)
  return { title: heading && plainText(heading).trim(), html: marked.parser(tokens) }
}

const marked = new Marked({
  async: false,
  renderer: {
    html: ({ raw }) => (/^<!--[\s\S]*-->\s*$/.test(raw) ? '' : escapeAll(raw)),
    // Marked's own leaves text between tags unescaped, for it takes the tags for HTML.
    text(token) {
      return 'tokens' in token && token.tokens ? this.parser.parseInline(token.tokens) : escapeText(token.text)
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      const address = addressIn(href)
      return address === undefined ? text : `<a href="${escapeAll(address)}" rel="noopener noreferrer">${text}</a>`
    },
    image: ({ text }) => escapeText(text),
  },
})

const schemes = ['http:', 'https:', 'mailto:', 'tel:']

/** A link's address, unless it leads to a script or another surprise. */
function addressIn(href: string): string | undefined {
  const address = href.replaceAll('&amp;', '&')
  const base = 'https://relative.invalid/'
  return URL.canParse(address, base) && schemes.includes(new URL(address, base).protocol) ? address : undefined
}

function plainText(token: Token): string {
  if ('tokens' in token && token.tokens) return token.tokens.map(plainText).join('')
  return 'text' in token && typeof token.text === 'string' ? token.text : ''
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeAll(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** Leaves character references such as `&copy;` as they are. */
function escapeText(text: string): string {
  return text.replace(/[<>"']|&(?!(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w+);)/g, (character) => entities[character] ?? '')
}
