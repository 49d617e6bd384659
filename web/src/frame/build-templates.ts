/**
 * form.io's builder drawn with buttons that a keyboard reaches and a screen reader names. What form.io itself looks for in
 * them (its `ref`s, classes and `data-` attributes) is as in its own templates.
 */

type Texts = (text: string) => string
type Group = {
  title: string
  default?: boolean
  componentOrder?: string[]
  components: Record<string, { key: string; title: string; icon?: string; schema: { type: string } }>
}
// What form.io hands over to the templates named below.
type Context = {
  t: Texts
  iconClass(name: string): string
  self: { page?: number }
  sidebar: string
  form: string
  html: string
  position: number
  pages: { title?: string; key?: string }[]
  groupId: string
  groups: string[]
  groupKey: string
  group: Group
  subgroups: string[]
  childComponent: { key?: string; type?: string; label?: string; title?: string; legend?: string }
  disableBuilderActions?: boolean
  editComponent?: boolean
  editJson?: boolean
  componentInfo: { title: string; help?: string }
  editForm: string
  preview: string | false
  showPreview: boolean
  component: { components: { key: string; label: string }[]; verticalLayout?: boolean }
  currentTab: number
  tabKey: string
  tabLikey: string
  tabLinkKey: string
  tabComponents: string[]
  id: string
}

const templates: Record<string, { form: (ctx: Context) => string }> = {
  builder: { form: (ctx: Context) => frameOf(ctx, `<div class="formarea" ref="form">${ctx.form}</div>`) },
  builderWizard: {
    form: (ctx: Context) =>
      frameOf(ctx, `<div class="formarea">${pagesOf(ctx)}<div ref="form">${ctx.form}</div></div>`),
  },
  builderSidebar: {
    form: ({ t, groupId, groups }: Context) => `
      <div id="${groupId}" class="builder-sidebar" ref="sidebar">
        <h2 class="visually-hidden">${safe(t('Fields'))}</h2>
        <input class="form-control form-control-sm builder-sidebar_search" type="search" ref="sidebar-search"
          aria-label="${safe(t('searchFields'))}" placeholder="${safe(t('searchFields'))}" />
        <div ref="sidebar-groups">${groups.join('')}</div>
      </div>`,
  },
  builderSidebarGroup: { form: groupOf },
  builderPlaceholder: {
    form: ({ t, position }: Context) => `
      <button type="button" class="drag-and-drop-alert no-drag" data-noattach="true" data-position="${position}"
        data-act="target">${safe(t('Drag a field here, or press to add here'))}</button>`,
  },
  builderComponent: {
    form: (ctx: Context) => `
      <div class="builder-component" ref="dragComponent" tabindex="-1"
        data-component-key="${safe(ctx.childComponent?.key ?? '')}">
        ${ctx.disableBuilderActions ? '' : actionsOf(ctx)}${ctx.html}
      </div>`,
  },
  builderEditForm: { form: editFormOf },
  dialog: {
    form: ({ t }: Context) => `
      <div class="formio-dialog formio-dialog-theme-default component-settings">
        <div class="formio-dialog-overlay"></div>
        <div class="formio-dialog-content" ref="dialogContents" role="dialog" aria-modal="true"
          aria-label="${safe(t('Field settings'))}" tabindex="-1">
          <button type="button" class="btn-close formio-dialog-close" aria-label="${safe(t('close'))}"
            ref="dialogClose"></button>
        </div>
      </div>`,
  },
  tab: { form: tabOf },
}

/** The templates, in these words; what is not among them is form.io's own. */
export function builderTemplates(words: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(templates).map(([name, { form }]) => [
      name,
      { form: (ctx: Context) => form({ ...ctx, t: (text) => words[text] ?? ctx.t(text) }) },
    ]),
  )
}

function frameOf({ sidebar }: Context, area: string): string {
  return `<div class="formio builder formbuilder"><div class="formcomponents">${sidebar}</div>${area}</div>`
}

function pagesOf({ t, pages, self, iconClass }: Context): string {
  const items = pages.map((page, index) => {
    const isShown = index === self.page
    return `<li><button type="button" ref="gotoPage" class="btn btn-sm wizard-page-label ${isShown ? 'btn-primary' : 'btn-outline-secondary'}"
      ${isShown ? 'aria-current="page"' : ''}>${safe(page.title ?? page.key ?? '')}</button></li>`
  })
  return `<ol class="wizard-pages" aria-label="${safe(t('Pages'))}">${items.join('')}
    <li class="wizard-add-page"><button type="button" ref="addPage" class="btn btn-sm btn-outline-primary wizard-page-label">
      <i class="${iconClass('plus')}" aria-hidden="true"></i> ${safe(t('Add page'))}</button></li></ol>`
}

function groupOf({ t, iconClass, group, groupKey, groupId, subgroups }: Context): string {
  const fields = (group.componentOrder ?? []).flatMap((name) => {
    const info = group.components[name]
    if (!info) return []
    const icon = info.icon ? `<i class="${iconClass(info.icon)}" aria-hidden="true"></i> ` : ''
    return [
      `<button type="button" ref="sidebar-component" data-act="add" data-group="${safe(groupKey)}"
        data-key="${safe(info.key)}" data-type="${safe(info.schema.type)}"
        class="btn btn-sm formcomponent drag-copy">${icon}${safe(t(info.title))}</button>`,
    ]
  })
  const isEmpty = fields.length + subgroups.length === 0
  return `
    <div class="form-builder-panel" ref="group-panel-${safe(groupKey)}">
      <h3 class="form-builder-group-header" id="heading-${safe(groupKey)}">
        <button class="builder-group-button" type="button" ref="sidebar-anchor" aria-expanded="${group.default === true}"
          aria-controls="group-${safe(groupKey)}" data-bs-target="#group-${safe(groupKey)}"
          data-bs-parent="#${safe(groupId)}">${safe(t(group.title))}</button>
      </h3>
      <div id="group-${safe(groupKey)}" class="builder-group ${group.default ? 'show' : ''}" ref="sidebar-group"
        data-bs-parent="#${safe(groupId)}" data-default="${group.default === true}">
        <div id="group-container-${safe(groupKey)}" class="no-drop" ref="sidebar-container">
          ${isEmpty ? `<p>${safe(t('noMatchesFound'))}</p>` : ''}${fields.join('')}${subgroups.join('')}
        </div>
      </div>
    </div>`
}

function actionsOf({ t, iconClass, childComponent, editComponent, editJson }: Context): string {
  const { label, title, legend, key, type } = childComponent
  const name = plain(title || label || legend || key || type || '')
  const button = (ref: string, icon: string, text: string, kind: string) => `
    <button type="button" class="btn btn-sm component-settings-button ${kind}" aria-label="${safe(`${t(text)}: ${name}`)}"
      title="${safe(t(text))}" ${ref}><i class="${iconClass(icon)}" aria-hidden="true"></i></button>`
  return `<div class="component-btn-group" data-noattach="true">
    ${editComponent ? button('ref="editComponent"', 'cog', 'edit', 'component-settings-button-edit') : ''}
    ${button('data-act="up"', 'arrow-up', 'Move up', 'component-settings-button-up')}
    ${button('data-act="down"', 'arrow-down', 'Move down', 'component-settings-button-down')}
    ${button('ref="copyComponent"', 'copy', 'copy', 'component-settings-button-copy')}
    ${button('ref="pasteComponent"', 'save', 'pasteBelow', 'component-settings-button-paste')}
    ${editJson === false ? '' : button('ref="editJson"', 'wrench', 'editJson', 'component-settings-button-edit-json')}
    ${button('ref="removeComponent"', 'remove', 'remove', 'component-settings-button-remove')}
  </div>`
}

function editFormOf({ t, componentInfo, editForm, preview, showPreview }: Context): string {
  const shown = showPreview && preview
  const panel = `
    <section class="preview-panel" aria-label="${safe(t('preview'))}">
      <h3 class="h6">${safe(t('preview'))}</h3>
      <div class="component-preview" ref="preview">${preview}</div>
    </section>`
  const toggle = `<button type="button" class="btn btn-outline-secondary btn-sm" ref="previewButton">${safe(
    t(shown ? 'hidePreview' : 'showPreview'),
  )}</button>`
  return `
    <h2 class="h5 component-edit-title">${safe(t(componentInfo.title))}</h2>
    <div class="component-edit ${shown ? 'component-edit-with-preview' : ''}">
      <div class="component-edit-tabs"><div ref="editForm">${editForm}</div></div>
      ${shown ? panel : ''}
    </div>
    <div class="component-edit-buttons">
      <button type="button" class="btn btn-primary btn-sm" ref="saveButton">${safe(t('save'))}</button>
      <button type="button" class="btn btn-outline-secondary btn-sm" ref="cancelButton">${safe(t('cancel'))}</button>
      <button type="button" class="btn btn-outline-danger btn-sm" ref="removeButton">${safe(t('remove'))}</button>
      ${preview ? toggle : ''}
    </div>`
}

function tabOf({ t, id, component, currentTab, tabKey, tabLikey, tabLinkKey, tabComponents }: Context): string {
  const name = (tab: { key: string }) => safe(`${id}-${tab.key}`)
  const links = component.components.map((tab, index) => {
    const active = index === currentTab ? ' active' : ''
    return `<li class="nav-item${active}" role="presentation" ref="${tabLikey}">
      <a class="nav-link${active}" role="tab" id="tab-${name(tab)}" aria-selected="${index === currentTab}"
        aria-controls="panel-${name(tab)}" href="#${safe(tab.key)}" ref="${tabLinkKey}">${safe(t(tab.label))}</a></li>`
  })
  const panels = component.components.map(
    (tab, index) => `<div role="tabpanel" class="card-body tab-pane" id="panel-${name(tab)}"
      aria-labelledby="tab-${name(tab)}" style="display: ${index === currentTab ? 'block' : 'none'}" ref="${tabKey}">
      ${tabComponents[index] ?? ''}</div>`,
  )
  return `<div class="card${component.verticalLayout ? ' card-vertical' : ''}"><div class="card-header">
    <ul class="tab-component-tabs nav nav-tabs card-header-tabs" role="tablist">${links.join('')}</ul></div>${panels.join('')}</div>`
}

/** A label may hold HTML of the author; as a name it is its text. */
function plain(html: string): string {
  return String(html).replace(/<[^>]*>/g, '')
}

function safe(text: string): string {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
