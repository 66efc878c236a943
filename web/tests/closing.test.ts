import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import { couldClose, meantFor, waysNow, withActs, wouldClose, type Rules } from '../src/rules/closing.ts'

const rules: Rules = {
  visit: { closed_by: [{ event: 'visited' }] },
  medical_review: { closed_by: [{ event: 'visited', data: { by_role: 'community_doctor' } }] },
  routine_test: { closed_by: [{ event: 'test_taken', data: { purpose: 'routine' } }] },
  resolve_positive: {
    closed_by: [
      { event: 'use_dismissed', about: 'test_id' },
      { event: 'test_taken', only_if: { result: 'negative' }, about: 'of' },
    ],
  },
  assemble_team: { closed_by: [{ event: 'helper_assigned' }] },
}
const owed = (kind: string, occurrence: string, opens_on: string, due_on: string, about?: string) => ({
  kind, occurrence, opens_on, due_on, owner: 'community_worker', ...(about ? { about } : {}),
})
const person = carried({
  id: '甲',
  moves: [{ event: 'visited' }, { event: 'test_taken' }, { event: 'helper_assigned' }],
  obligations: [
    owed('visit', 'w01', '2026-09-01', '2026-09-30'),
    owed('visit', 'w02', '2026-10-01', '2026-10-31'),
    owed('visit', 'w03', '2026-11-01', '2026-11-30'),
    owed('medical_review', 'w03', '2026-11-01', '2026-11-30'),
    owed('routine_test', 'w01', '2026-11-01', '2026-12-31'),
    owed('resolve_positive', 'm1/1', '2026-11-20', '2026-11-30', 'T1'),
    owed('assemble_team', 'm1/1', '2026-11-01', '2026-11-30'),
  ],
  events: [
    { id: 'e1', event: 'test_taken', on: '2026-11-20', fields: { test_id: 'T1', result: 'positive' } },
    { id: 'e2', event: 'test_taken', on: '2026-11-21', fields: { test_id: 'T2', of: 'T1', result: 'positive' } },
  ],
})
const closed = (event: string, on: string, data: Record<string, unknown> = {}) =>
  wouldClose(person, rules, { event, on, data }).map((one) => `${one.kind} ${one.occurrence}`)

test('an act closes the window that contains its day; where there is none the oldest that is overdue', () => {
  assert.deepEqual(closed('visited', '2026-11-27'), ['visit w03'])
  assert.deepEqual(closed('visited', '2026-10-05'), ['visit w02'])
  assert.deepEqual(closed('visited', '2026-12-05'), ['visit w01'])
  assert.deepEqual(closed('visited', '2026-08-31'), [])
})

test('an occurrence that is named is closed, or nothing is', () => {
  assert.deepEqual(closed('visited', '2026-11-27', { occurrence: 'w01' }), ['visit w01'])
  assert.deepEqual(closed('visited', '2026-10-05', { occurrence: 'w03' }), [])
})

test('what the act says decides what it closes', () => {
  assert.deepEqual(closed('visited', '2026-11-27', { by_role: 'community_doctor' }), ['visit w03', 'medical_review w03'])
  assert.deepEqual(closed('test_taken', '2026-11-27', { purpose: 'detection' }), [])
  assert.deepEqual(closed('test_taken', '2026-11-27', { purpose: 'routine' }), ['routine_test w01'])
})

test('a positive is resolved by what is about it, through its further tests too', () => {
  assert.deepEqual(closed('use_dismissed', '2026-11-27', { test_id: 'T1' }), ['resolve_positive m1/1'])
  assert.deepEqual(closed('test_taken', '2026-11-27', { of: 'T2', result: 'negative' }), ['resolve_positive m1/1'])
  assert.deepEqual(closed('test_taken', '2026-11-27', { of: 'T2', result: 'positive' }), [])
  assert.deepEqual(closed('use_dismissed', '2026-11-27', { test_id: 'T9' }), [])
})

test('a chair that is filled promises nothing', () => {
  assert.deepEqual(closed('helper_assigned', '2026-11-27'), [])
})

test('a second visit of a month does not promise the window that the first one closes', () => {
  const first = { event: 'visited', on: '2026-11-26', data: {} }
  const after = withActs(person, rules, [first])
  const found = wouldClose(after, rules, { ...first, on: '2026-11-27' }).map((one) => one.occurrence)
  assert.deepEqual(found, ['w01'])
  assert.equal(withActs(person, rules, []), person)
})

test('a task leads to the acts that are possible now, with what their form has to say', () => {
  assert.deepEqual(waysNow(person, rules, 'resolve_positive').map((way) => way.event), ['test_taken'])
  const [way] = waysNow(person, rules, 'resolve_positive')
  const about = person.obligations.find((one) => one.kind === 'resolve_positive')
  assert.deepEqual(way && about && meantFor(way, about), { of: 'T1' })
  assert.deepEqual(waysNow(person, rules, 'unheard_of'), [])
  assert.deepEqual(couldClose(person, rules, 'visited', '2026-11-27').map((one) => one.occurrence), ['w01', 'w02', 'w03', 'w03'])
})
