import assert from 'node:assert/strict'
import { test } from 'node:test'

import { addDays, ageOn, civilDay, daysBetween } from '../src/rules/days.ts'

test('a day begins at midnight in Shanghai, wherever the phone thinks it is', () => {
  assert.equal(civilDay(Date.parse('2026-11-26T15:59:59Z')), '2026-11-26')
  assert.equal(civilDay(Date.parse('2026-11-26T16:00:00Z')), '2026-11-27')
})

test('days are counted over months, years and leap days', () => {
  assert.equal(addDays('2028-02-28', 1), '2028-02-29')
  assert.equal(addDays('2027-01-01', -1), '2026-12-31')
  assert.equal(daysBetween('2026-12-31', '2027-01-02'), 2)
  assert.equal(daysBetween('2027-01-02', '2026-12-31'), -2)
})

test('a year of age is full on the birthday', () => {
  assert.equal(ageOn('1990-11-27', '2026-11-26'), 35)
  assert.equal(ageOn('1990-11-27', '2026-11-27'), 36)
})
