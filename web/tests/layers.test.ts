import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const SOURCES = fileURLToPath(new URL('../src', import.meta.url))
/** Who may import whom: what stands in a line, from itself and from the lines above it; of one line nobody the others. */
const LAYERS = [['rules', 'api', 'sw', 'words'], ['local'], ['sync', 'saying', 'design'], ['parts'], ['forms'], ['rooms'], ['.']]
/** The shapes of what the server sends are everybody's. */
const TYPES = /^api\/types(-of)?\.ts$/

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|vue)$/.test(name))

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '.'
}

function imported(file: string): string[] {
  const text = readFileSync(join(SOURCES, file), 'utf8')
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)
  return [...found].map(([, path]) => relative('.', normalize(join(dirname(file), path ?? ''))))
}

test('there are files, and each stands in a layer', () => {
  assert.ok(files.length > 100)
  const known = LAYERS.flat()
  assert.deepEqual(files.filter((file) => !known.includes(roomOf(file))), [])
})

test('a file asks only what stands above it', () => {
  const place = (file: string) => LAYERS.findIndex((layer) => layer.includes(roomOf(file)))
  const wrong = files.flatMap((file) =>
    imported(file)
      .filter((other) => !TYPES.test(other) && roomOf(other) !== roomOf(file) && place(other) >= place(file))
      .map((other) => `${file} -> ${other}`),
  )
  assert.deepEqual(wrong, [])
})
