/** CHEFS's CSV layouts; the first is preset. */
export const templates = [
  'multiRowEmptySpacesCSVExport',
  'multiRowBackFilledCSVExport',
  'singleRowCSVExport',
  'unFormattedCSVExport',
] as const
export type Template = (typeof templates)[number]
