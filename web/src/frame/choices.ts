import imported from '@formio/js/lib/cjs/utils/ChoicesWrapper'

// As CommonJS, what is imported holds the class as its member `default`; the types say that it is the class.
const { default: ChoicesWrapper } = imported as unknown as { default: typeof imported }

type List = InstanceType<typeof ChoicesWrapper>

/**
 * Closes lists by Enter and Tab also right after an arrow key. form.io left them open then, and Tab, which chooses again in
 * an open list, never led out of the field: the keyboard was caught in it (WCAG 2.1.2).
 */
export function closeListsByKeyboard(): void {
  const list = ChoicesWrapper.prototype
  const { _onEnterKey, _onTabKey } = list
  list._onEnterKey = function (this: List, ...args) {
    this.isDirectionUsing = false
    _onEnterKey.apply(this, args)
  }
  list._onTabKey = function (this: List) {
    _onTabKey.call(this)
    this.isDirectionUsing = false
    this.hideDropdown(true)
  }
}
