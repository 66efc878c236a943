import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { stateOf, type Dates, type State } from '../src/rules/due.ts'

interface Vector extends Dates {
  name: string
  on: string
  state: State
}

const { vectors } = JSON.parse(readFileSync(new URL('../../docs/vectors/due.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}

test('there are vectors, of every state', () => {
  assert.equal(new Set(vectors.map((one) => one.state)).size, 10)
})

for (const one of vectors) {
  test(`due: ${one.name}`, () => assert.equal(stateOf(one, one.on), one.state))
}
