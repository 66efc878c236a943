import assert from 'node:assert/strict'
import { test } from 'node:test'

import { assignmentsOf, passedOn } from '../src/rules/assignments.ts'
import { carried } from '../src/rules/carried.ts'

const seated = (on: string, helper: string, more = {}) => ({ event: 'helper_assigned', on, fields: { role: 'community_worker', helper }, ...more })

const jia = carried({
  id: '甲',
  team: { chairs: [{ role: 'community_worker', helper: 'w1', assigned_on: '2026-11-20', acknowledged_on: '2026-11-21' }] },
  events: [seated('2026-11-20', 'w1')],
})
const yi = carried({ id: '乙', team: { chairs: [{ role: 'community_worker', helper: 'w1', assigned_on: '2026-11-01' }] } })
const bing = carried({
  id: '丙',
  team: { chairs: [{ role: 'community_worker', helper: 'w2', assigned_on: '2026-11-25' }] },
  events: [seated('2026-10-01', 'w1'), seated('2026-11-25', 'w2')],
})
const ding = carried({ id: '丁', ended_on: '2026-11-01', team: { chairs: [{ role: 'community_worker', helper: 'w1' }] } })
const all = [jia, yi, bing, ding]

test('who waits for "I know" comes first, and an ended case asks nobody', () => {
  assert.deepEqual(assignmentsOf(all, 'w1').map((one) => [one.person.id, one.acknowledged_on]), [['乙', null], ['甲', '2026-11-21']])
})

test('who sees their own chair alone is not told whose it is, and still is asked', () => {
  const own = carried({ id: '戊', team: { chairs: [{ role: 'family' }] } })
  assert.deepEqual(assignmentsOf([own], 'f1').map((one) => one.role), ['family'])
})

test('a chair that went to another is told of, until one has it again', () => {
  assert.deepEqual(passedOn(all, 'w1').map((one) => [one.person.id, one.on, one.to, one.known]), [['丙', '2026-11-25', 'w2', false]])
  const again = carried({ id: '己', events: [seated('2026-01-01', 'w1'), seated('2026-02-01', 'w2'), seated('2026-03-01', 'w1')] })
  assert.deepEqual(passedOn([again], 'w1'), [])
  assert.deepEqual(passedOn([carried({ id: '庚', events: [seated('2026-01-01', 'w1'), seated('2026-02-01', 'w2', { voided: true })] })], 'w1'), [])
})
