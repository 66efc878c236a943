import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import { byPerson, byVillage, nextFor, tasksOn, villageIn } from '../src/rules/today.ts'

const ON = '2026-11-27'

function person(id: string, address: string, ...owed: [kind: string, opens: string, due: string, owner?: string][]) {
  return carried({
    id,
    version: 1,
    person: { name: id, address },
    team: { chairs: [{ role: 'community_worker', helper: 'w1' }, { role: 'family', helper: 'f1' }] },
    obligations: owed.map(([kind, opens_on, due_on, owner = 'community_worker']) => ({
      kind, occurrence: '1', opens_on, due_on, owner,
    })),
  })
}

const jia = person('甲', '云溪镇东坪社区58号', ['visit', '2026-11-01', '2026-11-30'], ['routine_test', '2026-10-01', '2026-11-20'])
const yi = person('乙', '石桥镇小河村3组', ['visit', '2026-11-27', '2026-11-27'], ['notify_family', '2026-11-01', '2026-11-27', 'family'])
const bing = person('丙', '', ['visit', '2026-12-04', '2026-12-31'], ['team_meeting', '2026-12-05', '2026-12-31'])
const all = [bing, yi, jia]

test('what is overdue comes first, then today, then what can be done, then the next seven days', () => {
  const found = tasksOn(all, ON, null).map((one) => [one.urgency, one.person.id, one.owed.kind, one.left])
  assert.deepEqual(found, [
    ['overdue', '甲', 'routine_test', -7],
    ['today', '乙', 'notify_family', 0],
    ['today', '乙', 'visit', 0],
    ['open', '甲', 'visit', 3],
    ['coming', '丙', 'visit', 34],
  ])
})

test('a list of one worker holds their own chairs, and of whom they stand in for', () => {
  const kinds = (handles: string[]) => tasksOn([yi], ON, handles).map((one) => one.owed.kind)
  assert.deepEqual(kinds(['w1']), ['visit'])
  assert.deepEqual(kinds(['w1', 'f1']), ['notify_family', 'visit'])
  assert.deepEqual(kinds(['w2']), [])
})

test('a person stands once, with all that is owed', () => {
  const found = byPerson(tasksOn(all, ON, null)).map((one) => [one.person.id, one.tasks.length])
  assert.deepEqual(found, [['甲', 2], ['乙', 2], ['丙', 1]])
})

test('a village is read off the address, and who has none comes last', () => {
  assert.deepEqual(byVillage(tasksOn(all, ON, null)).map((one) => one.name), ['东坪社区', '小河村', ''])
  assert.equal(villageIn('望归县云溪镇东坪社区58号'), '东坪社区')
  assert.equal(villageIn('某市某区光明街道和平社区1栋'), '和平社区')
  assert.equal(villageIn('县城人民路3号'), '')
})

const NONE = new Set<string>()

test('the next thing for a person is the most pressing, else what opens first, however far away', () => {
  const next = (one: typeof jia) => nextFor(one, ON, ['w1'], NONE)
  assert.equal(next(jia)?.owed.kind, 'routine_test')
  const far = person('丁', '', ['visit', '2027-03-01', '2027-03-31'], ['team_meeting', '2027-01-01', '2027-06-30'])
  assert.deepEqual([next(far)?.owed.kind, next(far)?.urgency], ['team_meeting', 'coming'])
  assert.equal(next(person('戊', '')), null)
})

test("one's own is next before another's, and what is recorded is not next", () => {
  assert.equal(nextFor(yi, ON, ['w1'], NONE)?.owed.kind, 'visit')
  assert.equal(nextFor(yi, ON, ['f1'], NONE)?.owed.kind, 'notify_family')
  assert.equal(nextFor(yi, ON, ['w1'], new Set(['visit 1']))?.owed.kind, 'notify_family')
  assert.equal(nextFor(yi, ON, ['w1'], new Set(['visit 1', 'notify_family 1'])), null)
  const ji = person('己', '', ['notify_family', '2026-12-01', '2026-12-31', 'family'], ['visit', '2027-01-01', '2027-01-31'])
  assert.equal(nextFor(ji, ON, ['w1'], NONE)?.owed.kind, 'visit')
})
