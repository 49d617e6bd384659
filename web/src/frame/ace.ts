import ace from 'ace-builds/src-noconflict/ace'
import 'ace-builds/src-noconflict/mode-javascript'
import 'ace-builds/src-noconflict/mode-json'
import 'ace-builds/src-noconflict/mode-html'
import 'ace-builds/src-noconflict/theme-textmate'

// Its workers would be fetched; the frame may fetch nothing.
ace.config.set('useWorker', false)
ace.config.set('loadWorkerFromBlob', false)

// Tab leads past an editor; Enter leads into it and Escape out again. Else the keyboard would be caught in it (WCAG 2.1.2).
ace.config.setDefaultValue('editor', 'enableKeyboardAccessibility', true)

export { ace }
