/** The phone client begins here: language, worker, door, then the screens. */

import './design/tokens.css'
import './design/base.css'
import './design/forms.css'

import { createApp } from 'vue'

import App from './App.vue'
import { loadTheme } from './design/theme.ts'
import { start } from './sync/locking.ts'
import { router } from './router.ts'
import { i18n, loadLanguage } from './saying/i18n.ts'

async function begin(): Promise<void> {
  await Promise.allSettled([loadLanguage(), loadTheme()]) // where nothing can be read, the door says so
  createApp(App).use(i18n).use(router).mount('#app')
  await start()
}

void begin()
