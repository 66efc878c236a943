import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import type { Act, Rules } from '../src/rules/closing.ts'
import { settledBy } from '../src/rules/settled.ts'

const RULES: Rules = {
  visit: { closed_by: [{ event: 'visited' }] },
  routine_test: { closed_by: [{ event: 'test_taken', data: { purpose: 'routine' } }] },
  resolve_positive: { closed_by: [{ event: 'test_taken', about: 'of', only_if: { result: 'negative' } }] },
}

function person(...owed: [kind: string, occurrence: string, opens: string, due: string, about?: string][]) {
  const obligations = owed.map(([kind, occurrence, opens_on, due_on, about]) => ({ kind, occurrence, opens_on, due_on, owner: 'w', about }))
  return carried({ id: '甲', obligations })
}

function settled(who: ReturnType<typeof person>, ...acts: [event: string, on: string, data?: Record<string, unknown>][]) {
  const written: Act[] = acts.map(([event, on, data]) => ({ event, on, data: data ?? {} }))
  return [...settledBy(who, RULES, written)].sort()
}

const visits = person(['visit', 'w1', '2026-10-01', '2026-10-31'], ['visit', 'w2', '2026-11-01', '2026-11-30'])

test('a visit that waits settles the one in whose days it lies, a second one the older too', () => {
  assert.deepEqual(settled(visits, ['visited', '2026-11-27']), ['visit w2'])
  assert.deepEqual(settled(visits, ['visited', '2026-11-27'], ['visited', '2026-11-28']), ['visit w1', 'visit w2'])
  assert.deepEqual(settled(visits, ['visited', '2026-09-30']), [])
})

test('what names its occurrence settles that one and no other', () => {
  assert.deepEqual(settled(visits, ['visited', '2026-11-27', { occurrence: 'w1' }]), ['visit w1'])
  assert.deepEqual(settled(visits, ['visited', '2026-11-27', { occurrence: 'w9' }]), [])
})

test('a test settles what it was meant for, and a positive one only where it was found clear', () => {
  const tested = person(['routine_test', '1', '2026-11-01', '2026-11-30'], ['resolve_positive', '1', '2026-11-01', '2026-11-30', 'T1'])
  assert.deepEqual(settled(tested, ['test_taken', '2026-11-20', { purpose: 'routine', result: 'negative' }]), ['routine_test 1'])
  assert.deepEqual(settled(tested, ['test_taken', '2026-11-20', { of: 'T1', result: 'positive' }]), [])
  assert.deepEqual(settled(tested, ['test_taken', '2026-11-20', { of: 'T1', result: 'negative' }]), ['resolve_positive 1'])
})
