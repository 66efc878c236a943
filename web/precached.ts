/** Which files does the service worker keep? All that was built: written to sw.js when it is known. */
/// <reference types="node" />
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const WORKER = new URL('./src/sw/worker.js', import.meta.url)

export function precached(): Plugin {
  let base = '/'
  return {
    name: 'precached',
    apply: 'build',
    configResolved: (config) => void (base = config.base),
    writeBundle: ({ dir }) => writeFileSync(join(dir!, 'sw.js'), worker(dir!, base)),
  }
}

function worker(dir: string, base: string): string {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort()
  const built = names.filter((name) => name !== 'sw.js' && statSync(join(dir, name)).isFile())
  const hash = createHash('sha256').update(readFileSync(WORKER))
  for (const name of built) hash.update(name).update(readFileSync(join(dir, name)))
  const files = built.map((name) => base + name.replaceAll('\\', '/').replace(/^index\.html$/, ''))
  const version = JSON.stringify(hash.digest('hex').slice(0, 16))
  return `const VERSION = ${version}\nconst FILES = ${JSON.stringify(files)}\n${readFileSync(WORKER)}`
}
