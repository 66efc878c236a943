/** Each word is said somewhere, and in both languages. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const SRC = new URL('../src/', import.meta.url)
/** What the server names: roles, and what the calendar brings about. */
const ELSEWHERE = ['administrator', 'auditor', 'integration', 'control_ended', 'term_expired']
const rooms = readdirSync(new URL('words/', SRC))
const source = readdirSync(SRC, { recursive: true, encoding: 'utf-8' })
  .filter((file) => /\.(ts|vue)$/.test(file) && !rooms.includes(file.replace('words/', '')))
  .map((file) => readFileSync(new URL(file, SRC), 'utf-8'))
  .join('\n')

interface Words {
  [key: string]: string | Words
}

function keysOf(words: Words, under: string): string[] {
  return Object.entries(words).flatMap(([key, said]) => (typeof said === 'string' ? [`${under}.${key}`] : keysOf(said, `${under}.${key}`)))
}

/** As it stands, or put together: `mine.${theme}`, where the part that is only known then stands in the source too. */
function isSaid(key: string): boolean {
  return source.includes(`'${key}'`) || built.some(({ shape, names }) => names(shape.exec(key)?.[1]))
}

const built = [...source.matchAll(/`([a-z]+\.[\w.]*)\$\{([^`]*)\}(\w*)`/g)].map(([, before = '', , after = '']) => ({
  shape: new RegExp(`^${before.replaceAll('.', '\\.')}([\\w ]+)${after}$`),
  names: (part?: string) => part !== undefined && (ELSEWHERE.includes(part) || new RegExp(`['\\s{]${part}['?:]`).test(source)),
}))

for (const file of rooms) {
  const room = file.replace('.ts', '')
  const { zh, en } = (await import(`../src/words/${file}`)) as { zh: Words; en: Words }

  test(`the words of ${room} are said in both languages`, () => {
    assert.deepEqual(keysOf(en, room).sort(), keysOf(zh, room).sort())
  })

  test(`each word of ${room} is said somewhere`, () => {
    assert.deepEqual(keysOf(zh, room).filter((key) => !isSaid(key)), [])
  })
}
