import { functionNames } from './functions.ts'
import { foreignKeyOf, namespace, partnerOf, precisionOf, unsearchable } from './metadata-xml.ts'
import { type EntityType, type Model, type Property, singleNavigations } from './model.ts'

const vocabularies = 'https://oasis-tcs.github.io/odata-vocabularies/vocabularies'

/** A form's entity types and sets as CSDL JSON (OData 4.01), which says the same as the XML. */
export function metadataJson(model: Model): string {
  const types = model.types.map((type) => [type.name, entityType(type, model)])
  const sets = model.types.map((type) => [type.set, entitySet(type, model)])
  return JSON.stringify({
    $Version: '4.01',
    $Reference: Object.fromEntries(
      [
        ['Org.OData.Core.V1', 'Core'],
        ['Org.OData.Capabilities.V1', 'Capabilities'],
      ].map(([name, alias]) => [`${vocabularies}/${name}.json`, { $Include: [{ $Namespace: name, $Alias: alias }] }]),
    ),
    $EntityContainer: `${namespace}.Container`,
    [namespace]: {
      ...Object.fromEntries(types),
      Container: {
        $Kind: 'EntityContainer',
        '@Capabilities.BatchSupported': false,
        '@Capabilities.FilterFunctions': functionNames,
        ...Object.fromEntries(sets),
      },
    },
  })
}

function entityType(type: EntityType, model: Model) {
  const grids = [...type.grids].map(([name, grid]) => [
    name,
    {
      $Kind: 'NavigationProperty',
      $Type: `${namespace}.${grid.name}`,
      $Collection: true,
      $Partner: type.parent ? 'parent' : 'submission',
    },
  ])
  const single = singleNavigations(type, model).map(({ name, target }) => [name, singleNavigation(type, name, target)])
  return {
    $Kind: 'EntityType',
    $Key: [type.key],
    ...Object.fromEntries(type.properties.map((property) => [property.name, propertyObject(property)])),
    ...Object.fromEntries([...grids, ...single]),
  }
}

function singleNavigation(type: EntityType, name: string, target: EntityType) {
  const partner = partnerOf(type, target)
  return {
    $Kind: 'NavigationProperty',
    $Type: `${namespace}.${target.name}`,
    ...(partner === undefined ? {} : { $Partner: partner }),
    $ReferentialConstraint: { [foreignKeyOf(name)]: target.key },
  }
}

/** A property is a text that is never null unless it says otherwise (CSDL JSON 4.01 §7). */
function propertyObject(property: Property) {
  return {
    ...(property.type === 'Edm.String' ? {} : { $Type: property.type }),
    ...(property.nullable ? { $Nullable: true } : {}),
    ...(property.type === 'Edm.DateTimeOffset' ? { $Precision: precisionOf(property) } : {}),
    '@Core.Description': property.label.toWellFormed(),
  }
}

function entitySet(type: EntityType, model: Model) {
  const ways = [...[...type.grids].map(([name, target]) => ({ name, target })), ...singleNavigations(type, model)]
  const names = unsearchable(type)
  return {
    $Collection: true,
    $Type: `${namespace}.${type.name}`,
    ...(ways.length > 0
      ? { $NavigationPropertyBinding: Object.fromEntries(ways.map(({ name, target }) => [name, target.set])) }
      : {}),
    '@Capabilities.FilterRestrictions': { NonFilterableProperties: names },
    '@Capabilities.SortRestrictions': { NonSortableProperties: names },
    ...(type.parent ? { '@Capabilities.ExpandRestrictions': { NonExpandableProperties: upNames(type, model) } } : {}),
  }
}

function upNames(type: EntityType, model: Model): string[] {
  return singleNavigations(type, model).map(({ name }) => name)
}
