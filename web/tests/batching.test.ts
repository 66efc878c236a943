import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Form } from '../src/api/types-of.ts'
import { fieldsOf } from '../src/rules/fields.ts'
import { candidatesFor, fieldsForMany, formsForMany } from '../src/rules/batching.ts'
import { carried } from '../src/rules/carried.ts'
import type { Rules } from '../src/rules/closing.ts'

const text = (of?: string) => ({ type: 'string', ...(of ? { 'x-of': of } : {}) })
const form = (event: string, by: string, moves: boolean, properties: object = {}, required: string[] = []) =>
  ({ event, by, moves, label: { zh: event, en: event }, form: { properties, required } }) as unknown as Form
const tested = form('test_taken', 'S/P', false, { test_id: text('new_test'), of: text('test'), result: text() }, ['test_id', 'result'])
const forms = [
  form('paper_served', 'S/P', false),
  form('visited', 'S', false),
  form('use_dismissed', 'P', false, { test_id: text('test') }, ['test_id']),
  form('test_objected', 'S', false, { test_id: text('test') }, ['test_id']),
  form('died', 'S/P', true),
  tested,
]

test('what is written down for many names nothing of one case and moves nobody; the usual comes first', () => {
  const found = formsForMany(forms, (one) => fieldsOf(one.form)).map((one) => one.event)
  assert.deepEqual(found, ['test_taken', 'visited', 'paper_served'])
  assert.deepEqual(fieldsForMany(fieldsOf(tested.form)).map((field) => field.name), ['result'])
})

const rules: Rules = {
  medical_review: { closed_by: [{ event: 'visited', data: { by_role: 'community_doctor' } }] },
  routine_test: { closed_by: [{ event: 'test_taken', data: { purpose: 'routine' } }] },
  resolve_positive: { closed_by: [{ event: 'test_taken', about: 'of' }] },
}
const person = (id: string, moves: string[], ...owed: [kind: string, due_on: string][]) =>
  carried({
    id,
    moves: moves.map((event) => ({ event })),
    obligations: owed.map(([kind, due_on]) => ({ kind, occurrence: '1', opens_on: '2026-11-01', due_on, owner: 'w', about: 'T1' })),
  })

const meant = (event: string, known = {}) => ({ event, on: '2026-11-27', rulesOf: () => rules, knownOf: () => known })

test('those to whom it is owed come first, the soonest due first; who cannot be recorded for stands apart', () => {
  const people = [
    person('丁', ['test_taken'], ['resolve_positive', '2026-11-28']),
    person('丙', ['test_taken'], ['routine_test', '2026-12-31']),
    person('乙', ['test_taken'], ['routine_test', '2026-11-30']),
    person('甲', ['visited'], ['routine_test', '2026-11-29']),
  ]
  const found = candidatesFor(people, meant('test_taken'))
  assert.deepEqual(found.owed.map((one) => one.person.id), ['乙', '丙'])
  assert.deepEqual(found.others.map((one) => one.person.id), ['丁'])
  assert.deepEqual(found.cannot.map((one) => one.id), ['甲'])
})

test('from the chair of a worker nobody is owed what a doctor owes', () => {
  const people = [person('甲', ['visited'], ['medical_review', '2026-11-30'])]
  const owedFrom = (by_role: string) => candidatesFor(people, meant('visited', { by_role })).owed.length
  assert.deepEqual([owedFrom('community_worker'), owedFrom('community_doctor')], [0, 1])
})
