import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Form } from '../src/api/types-of.ts'
import type { Happened } from '../src/rules/carried.ts'
import { differences, factsOf, newestFirst, wasLate } from '../src/rules/timeline.ts'

const label = (zh: string) => ({ zh, en: zh })
const form = {
  event: 'test_taken',
  label: label('吸毒检测'),
  by: 'S',
  moves: false,
  form: {
    properties: {
      note: { 'x-label': label('备注') },
      occurrence: { 'x-label': label('期次') },
      result: { 'x-label': label('结果'), 'x-choices': { negative: label('阴性'), positive: label('阳性') } },
      told_on: { 'x-label': label('告知日期'), anyOf: [{ format: 'date', type: 'string' }, { type: 'null' }] },
      served_at: { 'x-label': label('送达时间'), anyOf: [{ format: 'date-time', type: 'string' }, { type: 'null' }] },
      refused: { 'x-label': label('拒收'), type: 'boolean' },
      needs: { 'x-label': label('需求'), items: { type: 'string', 'x-choices': { work: label('就业') } } },
    },
  },
} as Form

test('the newest comes first, and of one day what was recorded last', () => {
  const events = [
    { id: 'a', event: 'visited', on: '2026-03-01' },
    { id: 'b', event: 'visited', on: '2026-03-02' },
    { id: 'c', event: 'team_met', on: '2026-03-02' },
  ] as Happened[]
  assert.deepEqual(newestFirst(events).map((one) => one.id), ['c', 'b', 'a'])
  assert.equal(events[0]?.id, 'a', 'what was given stays as it is')
})

test('an entry is late where it was recorded on another day', () => {
  const event = { event: 'visited', on: '2026-03-02' } as Happened
  assert.equal(wasLate(event), false)
  assert.equal(wasLate({ ...event, recorded_on: '2026-03-02' }), false)
  assert.equal(wasLate({ ...event, recorded_on: '2026-09-28' }), true)
})

test('fields stand in the order of the form, in its words, what somebody wrote last, and no number of an obligation', () => {
  const data = { note: '情绪平稳', told_on: '2026-03-11', result: 'negative', occurrence: 'm1/w03', refused: false, needs: ['work', 'land'] }
  const facts = factsOf(data, form)
  assert.deepEqual(facts.map((fact) => fact.label.zh), ['结果', '告知日期', '拒收', '需求', '备注'])
  assert.deepEqual(facts.map((fact) => fact.values), [
    [{ said: label('阴性') }],
    [{ day: '2026-03-11' }],
    [{ yes: false }],
    [{ said: label('就业') }, { text: 'land' }],
    [{ text: '情绪平稳' }],
  ])
})

test('an instant is one, a helper is called by name, an obligation by its kind, a record by what it was', () => {
  const facts = factsOf({ served_at: '2026-03-11T07:00:00Z', helper: 'w1', kind: 'visit', event_id: 'x' }, form)
  assert.deepEqual(facts.map((fact) => fact.values[0]), [{ at: Date.UTC(2026, 2, 11, 7) }, { helper: 'w1' }, { kind: 'visit' }, { event: 'x' }])
})

test('what is empty is not said, and without a form the names have to do', () => {
  assert.deepEqual(factsOf({ note: '', told_on: null, needs: [] }, form), [])
  assert.deepEqual(factsOf(undefined, form), [])
  assert.deepEqual(factsOf({ place: '村委会' }, undefined), [{ name: 'place', label: label('place'), values: [{ text: '村委会' }] }])
})

test('of two accounts of one event only what is not alike is set side by side', () => {
  const mine = factsOf({ result: 'negative', told_on: '2026-03-11', note: '甲' }, form)
  const theirs = factsOf({ result: 'positive', told_on: '2026-03-11' }, form)
  const found = differences(mine, theirs).map((one) => [one.label.zh, one.mine?.values[0], one.theirs?.values[0]])
  assert.deepEqual(found, [
    ['结果', { said: label('阴性') }, { said: label('阳性') }],
    ['备注', { text: '甲' }, undefined],
  ])
})

test('what names a test, a need, an office or a photo is told as that, and a new test keeps its id to itself', () => {
  const id = '01a219b2-4dbc-709e-be2f-ff27c7a10ff7'
  const of = (thing: string) => ({ 'x-label': label(thing), 'x-of': thing })
  const naming = { ...form, form: { properties: { test_id: of('new_test'), of: of('test'), need: of('need'), to: of('office'), evidence: of('paper') } } } as Form
  const facts = factsOf({ test_id: id, of: 'T1', need: 'no_work', to: id, evidence: ['借条', id] }, naming)
  assert.deepEqual(facts.flatMap((fact) => fact.values), [{ test: 'T1' }, { need: 'no_work' }, { office: id }, { text: '借条' }, { photo: id }])
})
