import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsOf, fieldsOf, initialOf, isDay, sentOf } from '../src/rules/fields.ts'

const label = (zh: string, en: string) => ({ 'x-label': { zh, en } })
const form = {
  required: ['result', 'taken_on', 'months'],
  properties: {
    note: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null, ...label('备注', 'Remark') },
    result: { enum: ['positive', 'negative'], type: 'string', 'x-choices': { positive: { zh: '阳性', en: 'Positive' } }, ...label('结果', 'Result') },
    by: { anyOf: [{ enum: ['a'], type: 'string' }, { type: 'null' }], default: null, ...label('谁', 'Who') },
    taken_on: { type: 'string', format: 'date', ...label('日期', 'Day') },
    served_at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }], default: null, ...label('时间', 'When') },
    months: { type: 'integer', minimum: 1, maximum: 36, ...label('月', 'Months') },
    refused: { type: 'boolean', default: false, ...label('拒收', 'Refused') },
    needs: { type: 'array', items: { type: 'string' }, default: [], ...label('需求', 'Needs') },
    odd: { type: 'object', ...label('怪', 'Odd') },
  },
}
const fields = fieldsOf(form)
const whole = { result: 'negative', taken_on: '2026-11-27', months: 3 }

test('a field is drawn by what its schema says, null or not', () => {
  const sorts = Object.fromEntries(fields.map((field) => [field.name, field.sort]))
  assert.deepEqual(sorts, {
    note: 'long', result: 'choice', by: 'choice', taken_on: 'day', served_at: 'instant', months: 'number',
    refused: 'truth', needs: 'texts', odd: 'strange',
  })
  assert.deepEqual(fields[1]?.choices, [
    { value: 'positive', label: { zh: '阳性', en: 'Positive' } },
    { value: 'negative', label: { zh: 'negative', en: 'negative' } },
  ])
})

test('a form begins with its defaults, and with what is known already', () => {
  const begun = initialOf(fields, { by: 'a' })
  assert.deepEqual([begun.note, begun.by, begun.refused, begun.needs, begun.result], [null, 'a', false, [], null])
})

test('what says nothing is left out, and texts are trimmed', () => {
  const data = { ...initialOf(fields), ...whole, note: '  在家 \0\ud800', needs: [' 工作 ', ''], refused: false }
  assert.deepEqual(sentOf(fields, data), { note: '在家', ...whole, needs: ['工作'] })
  assert.deepEqual(sentOf(fields, { ...whole, refused: true, note: '   ' }), { ...whole, refused: true })
})

test('each fault is named at its field, in the order of the form', () => {
  const wrong = { result: 'unclear', taken_on: '2026-02-30', months: 37, served_at: '2026-11-27', by: 'b' }
  assert.deepEqual([...faultsOf(fields, wrong)], [
    ['result', 'choice'], ['by', 'choice'], ['taken_on', 'day'], ['served_at', 'instant'], ['months', 'most'],
  ])
  assert.deepEqual([...faultsOf(fields, {})], [['result', 'needed'], ['taken_on', 'needed'], ['months', 'needed']])
  assert.equal(faultsOf(fields, { ...whole, months: 1.5 }).get('months'), 'number')
  assert.equal(faultsOf(fields, { ...whole, months: 0 }).get('months'), 'least')
  assert.equal(faultsOf(fields, whole).size, 0)
})

test('a day is one of the calendar, within the years that the server takes', () => {
  const days = ['1900-01-01', '2199-12-31', '1899-12-31', '2200-01-01', '2026-02-29', '2028-02-29', '2026-1-1', '']
  assert.deepEqual(days.map(isDay), [true, true, false, false, false, true, false, false])
})
