import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldsOf } from '../src/rules/fields.ts'
import { eventOf, faultsIn, fromEvent, givenBy, withPhotos } from '../src/forms/recording.ts'
import { carried } from '../src/rules/carried.ts'

const TODAY = '2026-11-27'
const fields = fieldsOf({ properties: { evidence: { type: 'array', items: { type: 'string' }, 'x-of': 'paper' }, note: { type: 'string' } } })

test('what has not happened yet is not written down, but an appointment is', () => {
  const fault = (event: string, happened_on: string) => faultsIn({ event, happened_on, data: {} }, [], TODAY).get('happened_on')
  assert.deepEqual([fault('visited', TODAY), fault('visited', '2026-11-28'), fault('test_scheduled', '2026-11-28'), fault('visited', '')], [undefined, 'ahead', undefined, 'day'])
})

test('the hour is that of the office, and comes back as it was written', () => {
  const event = eventOf({ event: 'visited', happened_on: TODAY, time: '09:05' }, { note: '在家' })
  assert.equal(event.happened_at, '2026-11-27T09:05:00+08:00')
  assert.deepEqual(fromEvent(event, []), { happened_on: TODAY, time: '09:05', photos: [], data: { note: '在家' } })
  assert.equal('happened_at' in eventOf({ event: 'visited', happened_on: TODAY, time: '' }, {}), false)
})

test('photos are named where papers are, once, and are pictures again when it comes back', () => {
  const data = withPhotos(fields, { evidence: ['借条'] }, ['p1', 'p2'])
  assert.deepEqual(data.evidence, ['借条', 'p1', 'p2'])
  const back = fromEvent(eventOf({ event: 'breach_reported', happened_on: TODAY, time: '' }, data), ['p1', 'p2'])
  assert.deepEqual([back.data?.evidence, back.photos], [['借条'], ['p1', 'p2']])
  assert.deepEqual(withPhotos(fieldsOf({ properties: { note: { type: 'string' } } }), { note: '' }, ['p1']), { note: '' })
})

test('an excuse comes back as the one thing that it excuses', () => {
  const sent = eventOf({ event: 'obligation_excused', happened_on: TODAY, time: '' }, { kind: 'visit', occurrence: 'm1/w03' })
  assert.equal(fromEvent(sent, []).data?.owed, 'visit m1/w03')
})

test('a task says what its act has to say: its occurrence, its purpose, what it is about', () => {
  const obligations = [{ kind: 'resolve_positive', occurrence: '1', opens_on: TODAY, due_on: TODAY, owner: 'w', about: 'T1' }]
  const person = carried({ id: '甲', obligations })
  const rules = { resolve_positive: { closed_by: [{ event: 'use_dismissed', data: { reason: 'x' }, about: 'test_id' }] } }
  const from = { kind: 'resolve_positive', occurrence: '1' }
  assert.deepEqual(givenBy(person, rules, 'use_dismissed', from), { reason: 'x', test_id: 'T1', occurrence: '1' })
  assert.deepEqual(givenBy(person, rules, 'use_dismissed', {}), {})
})
