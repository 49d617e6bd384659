declare module 'ace-builds/src-noconflict/ace' {
  const ace: {
    config: {
      set(name: string, value: unknown): void
      setDefaultValue(of: 'editor', name: string, value: unknown): void
    }
  }
  export default ace
}
