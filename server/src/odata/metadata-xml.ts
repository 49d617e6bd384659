import { functionNames } from './functions.ts'
import { type EntityType, type Model, type Property, singleNavigations, toSubmission } from './model.ts'

/** The names of what `$metadata` describes begin with this. */
export const namespace = 'Formgate'

const vocabularies = 'https://oasis-tcs.github.io/odata-vocabularies/vocabularies'

/** A form's entity types and sets as CSDL XML (OData 4.0 part 3). */
export function metadataXml(model: Model): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    ...reference('Org.OData.Core.V1', 'Core'),
    ...reference('Org.OData.Capabilities.V1', 'Capabilities'),
    '  <edmx:DataServices>',
    `    <Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...model.types.flatMap((type) => entityTypeLines(type, model)),
    '      <EntityContainer Name="Container">',
    ...model.types.flatMap((type) => entitySetLines(type, model)),
    ...containerAnnotations(),
    '      </EntityContainer>',
    '    </Schema>',
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
  ]
  return `${lines.join('\n')}\n`
}

function reference(name: string, alias: string): string[] {
  return [
    `  <edmx:Reference Uri="${vocabularies}/${name}.xml">`,
    `    <edmx:Include Namespace="${name}" Alias="${alias}"/>`,
    '  </edmx:Reference>',
  ]
}

function entityTypeLines(type: EntityType, model: Model): string[] {
  const grids = [...type.grids].map(([name, grid]) => {
    const partner = type.parent ? 'parent' : toSubmission
    return `        <NavigationProperty Name="${escaped(name)}" Type="Collection(${namespace}.${escaped(grid.name)})" Partner="${partner}"/>`
  })
  return [
    `      <EntityType Name="${escaped(type.name)}">`,
    '        <Key>',
    `          <PropertyRef Name="${type.key}"/>`,
    '        </Key>',
    ...type.properties.flatMap(propertyLines),
    ...grids,
    ...singleNavigations(type, model).flatMap(({ name, target }) => singleLines(type, name, target)),
    '      </EntityType>',
  ]
}

/** Times have so many digits behind the second's point; without the word a reader may cut them all off. */
export const precisionOf = (property: Property): number => (property.kind === 'metadata' ? 3 : 6)

function propertyLines(property: Property): string[] {
  const precision = property.type === 'Edm.DateTimeOffset' ? ` Precision="${precisionOf(property)}"` : ''
  const nullable = property.nullable ? '' : ' Nullable="false"'
  return [
    `        <Property Name="${escaped(property.name)}" Type="${property.type}"${precision}${nullable}>`,
    `          <Annotation Term="Core.Description" String="${escaped(property.label)}"/>`,
    '        </Property>',
  ]
}

/** What of a row names the entity that a navigation property leads to. */
export function foreignKeyOf(name: string): string {
  return name === toSubmission ? 'submissionId' : 'parentRowId'
}

/** The navigation property that leads back; undefined where there is none. */
export function partnerOf(type: EntityType, target: EntityType): string | undefined {
  return [...target.grids].find(([, grid]) => grid === type)?.[0]
}

function singleLines(type: EntityType, name: string, target: EntityType): string[] {
  const partner = partnerOf(type, target)
  const leadsBack = partner === undefined ? '' : ` Partner="${escaped(partner)}"`
  return [
    `        <NavigationProperty Name="${name}" Type="${namespace}.${escaped(target.name)}" Nullable="false"${leadsBack}>`,
    `          <ReferentialConstraint Property="${foreignKeyOf(name)}" ReferencedProperty="${target.key}"/>`,
    '        </NavigationProperty>',
  ]
}

function entitySetLines(type: EntityType, model: Model): string[] {
  const ways = [...[...type.grids].map(([name, target]) => ({ name, target })), ...singleNavigations(type, model)]
  return [
    `        <EntitySet Name="${escaped(type.set)}" EntityType="${namespace}.${escaped(type.name)}">`,
    ...ways.map(
      ({ name, target }) =>
        `          <NavigationPropertyBinding Path="${escaped(name)}" Target="${escaped(target.set)}"/>`,
    ),
    ...restriction('FilterRestrictions', 'NonFilterableProperties', 'PropertyPath', unsearchable(type)),
    ...restriction('SortRestrictions', 'NonSortableProperties', 'PropertyPath', unsearchable(type)),
    ...restriction(
      'ExpandRestrictions',
      'NonExpandableProperties',
      'NavigationPropertyPath',
      singleNavigations(type, model).map(({ name }) => name),
    ),
    '        </EntitySet>',
  ]
}

/** What is put together when it is shown. */
export function unsearchable(type: EntityType): string[] {
  return type.properties.filter(({ kind }) => kind === 'undeclared' || kind === 'misfits').map(({ name }) => name)
}

function restriction(term: string, property: string, element: string, names: string[]): string[] {
  if (names.length === 0) return []
  return [
    `          <Annotation Term="Capabilities.${term}">`,
    '            <Record>',
    `              <PropertyValue Property="${property}">`,
    '                <Collection>',
    ...names.map((name) => `                  <${element}>${escaped(name)}</${element}>`),
    '                </Collection>',
    '              </PropertyValue>',
    '            </Record>',
    '          </Annotation>',
  ]
}

function containerAnnotations(): string[] {
  return [
    '        <Annotation Term="Capabilities.BatchSupported" Bool="false"/>',
    '        <Annotation Term="Capabilities.FilterFunctions">',
    '          <Collection>',
    ...functionNames.map((name) => `            <String>${name}</String>`),
    '          </Collection>',
    '        </Annotation>',
  ]
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for an attribute or an element; what XML 1.0 cannot hold at all is left out (§2.2). */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML cannot hold
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"]/g, (character) => entities[character] ?? '')
      .replace(/[\t\n\r]/g, ' ')
  )
}
