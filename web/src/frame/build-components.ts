import { Formio } from '@formio/js/form'
import { standardType } from '../../../server/src/validation/component-types.ts'

type Overrides = { key: string; ignore?: boolean; components?: Overrides; [member: string]: unknown }[]

/**
 * The groups of the sidebar. Left out is what cannot work here: what asks services elsewhere (captchas, address look-ups,
 * resources, forms nested by address), and form.io's premium components, which it does not bring along.
 */
export function sidebarGroups(wide: boolean) {
  const file = Formio.Components.components.file?.builderInfo
  return {
    // On a phone the fields lie above the form, and an open group would push it away.
    basic: { title: 'Basic', weight: 0, default: wide },
    advanced: {
      title: 'Advanced',
      weight: 10,
      components: {
        address: false,
        file: file && { ...file, group: 'advanced', schema: { ...file.schema, storage: 'chefs' } },
      },
    },
    premium: false,
    resource: false,
  }
}

const ignore = (...keys: string[]): Overrides => keys.map((key) => ({ key, ignore: true }))

/** Where answers and choices would come from or go to over the network, which the frame has none of. */
const networkSettings: Record<string, Overrides> = {
  file: [
    {
      key: 'file',
      components: [
        ...ignore(
          'storage',
          'useMultipartUpload',
          'multipart',
          'url',
          'options',
          'urlRequestOptions',
          'fileKey',
          'dir',
        ),
        ...ignore('privateDownload'),
      ],
    },
  ],
  select: [
    {
      key: 'data',
      components: [
        {
          key: 'dataSrc',
          data: {
            values: [
              { label: 'Values', value: 'values' },
              { label: 'Raw JSON', value: 'json' },
              { label: 'Custom', value: 'custom' },
            ],
          },
        },
        ...ignore(
          'data.url',
          'data.headers',
          'data.resource',
          'lazyLoad',
          'selectFields',
          'disableLimit',
          'searchField',
          'searchDebounce',
          'minSearch',
          'filter',
          'sort',
          'limit',
          'authenticate',
          'addResource',
          'addResourceLabel',
          'reference',
          'ignoreCache',
        ),
      ],
    },
  ],
  radio: urlSource(),
  selectboxes: urlSource(),
}

function urlSource(): Overrides {
  return [
    {
      key: 'data',
      components: [
        { key: 'dataSrc', data: { values: [{ label: 'Values', value: 'values' }] } },
        ...ignore('data.url', 'data.headers', 'authenticate', 'ignoreCache'),
      ],
    },
  ]
}

/** Where a field lies on a PDF; there are no PDF forms here. */
const noPdf: Overrides = [{ key: 'layout', components: ignore('overlay') }]

/** Settings of each component type that the edit dialog leaves out or changes; the simple types as their kin. */
export function editFormOverrides(): Record<string, Overrides> {
  const types = Object.keys(Formio.Components.components)
  return Object.fromEntries(types.map((type) => [type, [...(networkSettings[standardType(type)] ?? []), ...noPdf]]))
}
