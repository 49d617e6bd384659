/**
 * Runs inside QuickJS before anything of the author's. It keeps what it needs of the built-ins; an author who
 * overwrites them only spoils their own form's results.
 */
export const prelude = `(() => {
  const { parse, stringify } = JSON
  const functions = new Map()
  let data = {}
  let form
  const at = (path) => path.reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), data)
  const compile = (code, result) =>
    new Function('data', 'row', 'value', 'input', 'valid', 'component', 'form', 'submission', 'rowIndex', 'console',
      'var ' + result + (result === 'valid' ? '' : ' = true') + ';\\n' + code + '\\n;return ' + result)
  const quiet = { log() {}, warn() {}, error() {}, info() {}, debug() {} }
  const answer = (value) => stringify({ value: value === undefined ? null : value })
  return {
    load(text) { data = parse(text) },
    schema(text) { form = parse(text) },
    script(id, code, result, scopeText) {
      const scope = parse(scopeText)
      let run = functions.get(id)
      if (run === undefined) functions.set(id, (run = compile(code, result)))
      const submission = { data }
      const row = at(scope.rowPath)
      return answer(run.call({}, data, row, scope.value, scope.value, true, scope.component, form, submission, scope.rowIndex, quiet))
    },
    logic(logicText, scopeText) {
      const scope = parse(scopeText)
      const context = { data, row: at(scope.rowPath), value: scope.value, input: scope.value, component: scope.component, form, rowIndex: scope.rowIndex }
      return answer(jsonLogic.apply(parse(logicText), context))
    },
    matches(pattern, text) { return answer(new RegExp('^' + pattern + '$').test(text)) },
  }
})()`

/** The library's dates for JSON logic; they need moment. */
export const logicDates = `
  jsonLogic.add_operation('getDate', (date) => moment(date).toISOString())
  jsonLogic.add_operation('relativeMinDate', (days) => moment().subtract(days, 'days').toISOString())
  jsonLogic.add_operation('relativeMaxDate', (days) => moment().add(days, 'days').toISOString())`

/** The library offers lodash's functions to JSON logic under their name with an underscore. */
export const logicLodash = `
  for (const name of Object.keys(_)) if (typeof _[name] === 'function') jsonLogic.add_operation('_' + name, _[name])`
