import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Form } from '../src/api/types-of.ts'
import { carried } from '../src/rules/carried.ts'
import { chosenFor, groupOf } from '../src/rules/choosing.ts'

const form = (event: string, by = 'S') => ({ event, by, label: { zh: event, en: event }, moves: false, form: {} }) as unknown as Form
const forms = new Map([
  ...['plan_made', 'needs_reviewed', 'visited', 'test_taken', 'agreement_signed', 'died', 'left', 'event_voided', 'brand_new'].map((event) => [event, form(event)] as const),
  ['suspended', form('suspended', 'P')] as const,
])
const rules = {
  visit: { closed_by: [{ event: 'visited' }] },
  make_plan: { closed_by: [{ event: 'plan_made' }] },
  sign_agreement: { closed_by: [{ event: 'agreement_signed' }] },
}
const owed = (kind: string, due_on: string) => ({ kind, occurrence: '1', opens_on: '2026-11-01', due_on, owner: 'community_worker' })
const person = carried({
  id: '甲',
  moves: [...forms.keys(), 'without_a_form'].map((event) => ({ event })),
  obligations: [owed('visit', '2026-11-30'), owed('make_plan', '2026-12-05'), owed('sign_agreement', '2026-11-28')],
})
const found = chosenFor(person, rules, forms, '2026-11-27')

test('the usual comes first in its own order, then what settles something, the soonest due first', () => {
  assert.deepEqual(found.usual.map((one) => one.form.event), ['visited', 'test_taken'])
  assert.deepEqual(found.usual[0]?.settles.map((one) => one.kind), ['visit'])
  assert.deepEqual(found.settling.map((one) => one.form.event), ['agreement_signed', 'plan_made'])
})

test('each other record stands in one group, a new one too, and one without a form in none', () => {
  const groups = found.groups.map(({ group, records }) => [group, ...records.map((one) => one.form.event)])
  assert.deepEqual(groups, [
    ['care', 'needs_reviewed'], ['whereabouts', 'left', 'died'], ['decisions', 'suspended'], ['others', 'brand_new'], ['register', 'event_voided'],
  ])
})

test('a decision of somebody else is looked for among decisions', () => {
  assert.equal(groupOf(form('anything', 'P')), 'decisions')
  assert.equal(groupOf(form('anything', 'S/P')), 'others')
})
