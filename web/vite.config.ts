/** How the client is built: into api/client, which the wheel carries and the server serves at /app/. */
import vue from '@vitejs/plugin-vue'
import { VantResolver } from '@vant/auto-import-resolver'
import components from 'unplugin-vue-components/vite'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

import { precached } from './precached.ts'

export default defineConfig({
  base: '/app/',
  plugins: [vue(), components({ dirs: [], resolvers: [VantResolver()], dts: false }), precached()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __GUITU_VERSION__: JSON.stringify(version()), __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __VUE_OPTIONS_API__: true },
  build: {
    outDir: process.env.GUITU_WEB_OUT ?? '../api/client',
    emptyOutDir: true,
    target: ['chrome90', 'safari14.1'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } }, // a busy machine is no warning
  },
  server: { proxy: { '/api': process.env.GUITU_URL ?? 'http://127.0.0.1:8000' } },
})

/** The version of the whole: the wheel's. */
function version(): string {
  const project = readFileSync(new URL('../pyproject.toml', import.meta.url), 'utf8')
  return /^version = "(.+)"$/m.exec(project)?.[1] ?? ''
}
