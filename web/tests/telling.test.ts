import assert from 'node:assert/strict'
import { test } from 'node:test'

import { byDay, rungOf } from '../src/rules/telling.ts'

test('a rung says how far the last day is', () => {
  const said = (label: string) => { const rung = rungOf(label); return `${rung.sort} ${rung.days}` }
  assert.deepEqual(['opening', '-7', '0', '+3', '+14', 'at_once'].map(said), ['opening 0', 'before 7', 'today 0', 'after 3', 'after 14', 'at_once 0'])
})

test('what was told on one day stands together, in its order', () => {
  const told = [{ on: '2026-11-27', n: 1 }, { on: '2026-11-27', n: 2 }, { on: '2026-11-20', n: 3 }]
  assert.deepEqual(byDay(told).map(({ on, items }) => [on, items.map((one) => one.n)]), [['2026-11-27', [1, 2]], ['2026-11-20', [3]]])
})
