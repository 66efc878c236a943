import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import { closersOf, offeredClosers, settledBy, type Closing, type Written } from '../src/rules/closing.ts'

const CLOSINGS: Record<string, Closing[]> = {
  visit: [{ event: 'visited' }],
  routine_test: [{ event: 'test_taken', data: { purpose: 'routine' } }],
  resolve_positive: [{ event: 'test_taken', about: 'of', only_if: { result: 'negative' } }, { event: 'use_confirmed', about: 'test_id' }],
}
const closings = (kind: string) => CLOSINGS[kind] ?? []

function person(...owed: [kind: string, occurrence: string, opens: string, due: string, about?: string][]) {
  return carried({
    id: '甲',
    moves: [{ event: 'visited' }, { event: 'test_taken' }],
    obligations: owed.map(([kind, occurrence, opens_on, due_on, about]) => ({ kind, occurrence, opens_on, due_on, owner: 'w', about })),
  })
}

function settled(who: ReturnType<typeof person>, ...acts: [event: string, on: string, data?: Record<string, unknown>][]) {
  const written: Written[] = acts.map(([event, happened_on, data]) => ({ event, happened_on, data }))
  return [...settledBy(who, written, closings)]
}

const visits = person(['visit', 'w1', '2026-10-01', '2026-10-31'], ['visit', 'w2', '2026-11-01', '2026-11-30'])

test('a visit settles the one in whose days it lies, a second one the older', () => {
  assert.deepEqual(settled(visits, ['visited', '2026-11-27']), ['visit w2'])
  assert.deepEqual(settled(visits, ['visited', '2026-11-27'], ['visited', '2026-11-28']), ['visit w2', 'visit w1'])
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
  assert.deepEqual(settled(tested, ['test_taken', '2026-11-20', { of: 'T2', result: 'negative' }]), [])
})

test('a form holds from the start what its obligation is about, and what cannot be recorded today is not offered', () => {
  const [owed] = person(['resolve_positive', '1', '2026-11-01', '2026-11-30', 'T1']).obligations
  const closers = closersOf(closings('resolve_positive'), owed!)
  assert.deepEqual(closers.map((one) => one.data), [{ of: 'T1' }, { test_id: 'T1' }])
  assert.deepEqual(offeredClosers(visits, closers).map((one) => one.event), ['test_taken'])
})
