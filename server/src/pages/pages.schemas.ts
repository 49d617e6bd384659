import { Type } from 'typebox'
import { DateTime, nullable } from '../http/schemas.ts'
import { pageNames } from './page.ts'

export const PageParams = Type.Object({
  name: Type.String({ maxLength: 100, description: `One of ${pageNames.join(', ')}` }),
})
export const PageQuery = Type.Object({
  lang: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$',
      default: 'en',
      examples: ['fr', 'fr-CA'],
      description: 'The reader’s language',
    }),
  ),
})
export const Page = Type.Object(
  {
    title: Type.String(),
    html: Type.String({ description: 'Made from Markdown; holds no script, style or picture, and not the title' }),
    lang: nullable(Type.String({ description: 'The language of the text; null when it is one text for all' })),
    updatedAt: nullable(DateTime),
    isDefault: Type.Boolean({ description: 'Whether whoever runs this server has not filled the page yet' }),
  },
  { $id: 'Page' },
)
