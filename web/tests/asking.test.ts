import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Form } from '../src/api/types-of.ts'
import { askedOf, eventLabel, type Asking } from '../src/forms/asking.ts'
import { carried } from '../src/rules/carried.ts'

const label = (zh: string) => ({ zh, en: zh })
const text = (of?: string, more: object = {}) => ({ type: 'string', 'x-label': label(of ?? '字'), ...(of ? { 'x-of': of } : {}), ...more })
const form = (event: string, properties: object, required: string[] = [], by = 'S') =>
  ({ event, by, label: label(event), moves: false, form: { properties, required } }) as unknown as Form

const tested = form('test_taken', {
  test_id: text('new_test'),
  of: text('test'),
  result: { enum: ['positive', 'negative'], 'x-label': label('结果'), 'x-choices': { positive: label('阳性'), negative: label('阴性') } },
  occurrence: text('occurrence'),
  document_no: text(),
  note: text(),
}, ['test_id', 'result'])
const forms = new Map([tested].map((one) => [one.event, one]))
const owed = (occurrence: string) => ({ kind: 'routine_test', occurrence, opens_on: '2026-11-01', due_on: '2026-11-30', owner: 'w' })
const person = carried({
  id: '甲',
  office_id: 'o1',
  obligations: [owed('w1'), owed('w2')],
  events: [
    { id: 'e1', event: 'test_taken', on: '2026-11-20', fields: { test_id: 'T1', result: 'positive', note: '在卫生院采样，本人签字确认过结果并已告知' } },
    { id: 'e2', event: 'test_taken', on: '2026-11-21', fields: { test_id: 'T2', result: 'negative' }, voided: true },
    { id: 'e3', event: 'test_taken', on: '2026-11-22', fields: { test_id: 'T3', result: 'negative' } },
  ],
})
const asking = (of: Form, more: Partial<Asking> = {}): Asking => ({
  form: of, forms, person, move: undefined, rules: { routine_test: { closed_by: [{ event: 'test_taken' }] } }, on: '2026-11-27',
  given: {}, kindLabel: () => label('定期检测'), helpers: { w1: '苏晓雯' }, needs: [{ value: 'no_work', label: label('没有工作') }],
  offices: [{ value: 'o1', label: label('本所') }, { value: 'o2', label: label('邻所') }], packs: ['p@1'], ...more,
})
const only = (properties: object, required: string[] = [], more: Partial<Asking> = {}) => {
  const found = askedOf(asking(form('anything', properties, required), more))
  return [...found.main, ...found.more]
}

test('a test is chosen by what happened, the latest first, a void one never; its own new id is not asked', () => {
  const found = askedOf(asking(tested))
  assert.deepEqual(found.main.map((field) => field.name), ['of', 'result', 'note'])
  assert.deepEqual(found.more.map((field) => field.name), ['occurrence', 'document_no'])
  const of = found.main[0]
  assert.deepEqual(of?.choices.map((each) => each.value), ['T3', 'T1'])
  assert.equal(of?.choices[1]?.label.zh, '11/20 test_taken · 阳性 · 在卫生院采样，本人签字确认过结果并已…')
})

test('what a task said already is not asked again, nor an occurrence of which there is but one', () => {
  const names = (more: Partial<Asking>) => askedOf(asking(tested, more)).more.map((field) => field.name)
  assert.deepEqual(names({ given: { occurrence: 'w1' } }), ['document_no'])
  assert.deepEqual(names({ person: carried({ ...person, obligations: [owed('w1')] } as never) }), ['document_no'])
})

test('the case says what may be chosen, and where only one will do it stands there', () => {
  const move = { event: 'anything', choices: { test_id: ['T1'], event_id: ['e3'], role: ['family'] } }
  const [test_id, event_id, role] = only({ test_id: text('test'), event_id: text('event'), role: text() }, ['test_id', 'role'], { move })
  assert.deepEqual([test_id?.initial, event_id?.initial, role?.initial], ['T1', null, 'family'])
  assert.deepEqual(event_id?.choices.map((each) => each.value), ['e3'])
})

test('people, places, packs and needs are chosen by name; somebody else and another need may be written', () => {
  const [helper, office, pack, need, needs] = only({
    helper: text('staff'), to_office: text('office'), pack: text('pack'), need: text('need'),
    needs: { type: 'array', items: { type: 'string' }, 'x-label': label('需求'), 'x-of': 'need' },
  }, ['helper', 'to_office', 'pack'])
  assert.deepEqual([helper?.choices[0]?.label.zh, helper?.open], ['苏晓雯', true])
  assert.deepEqual(office?.choices.map((each) => each.value), ['o2'])
  assert.deepEqual([pack?.initial, pack?.open], ['p@1', undefined])
  assert.deepEqual([need?.sort, need?.open, needs?.sort, needs?.choices.length], ['choice', true, 'texts', 1])
})

test('a choice of nothing is not asked unless it is needed', () => {
  const empty = carried({ id: '乙' })
  assert.deepEqual(only({ of: text('test') }, [], { person: empty }), [])
  assert.equal(only({ of: text('test') }, ['of'], { person: empty }).length, 1)
})

test('an event is told by its day, its name and what it said', () => {
  assert.equal(eventLabel({ forms }, person.events[2]!).zh, '11/22 test_taken · 阴性')
  assert.deepEqual(eventLabel({ forms }, { event: 'unheard_of', on: '2026-01-05' }), { zh: '1/5 unheard_of', en: '5 Jan unheard_of' })
})
