import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried } from '../src/rules/carried.ts'
import { laidOut, placeOf, wayOf, yearsOn } from '../src/rules/way.ts'

const TODAY = '2026-11-27'
const stays = (...given: [stage: string, on: string][]) => given.map(([stage, on]) => ({ stage, on }))

const inTerm = carried({
  id: '甲',
  stage: 'recovery',
  way: stays(['detected', '2023-12-05'], ['isolation', '2023-12-11'], ['follow_up', '2025-12-10'], ['recovery', '2025-12-24']),
  ends_on: '2028-12-23',
  exit_on: '2028-12-24',
})
const inside = carried({
  id: '乙',
  stage: 'isolation',
  way: stays(['isolation', '2025-08-02']),
  ends_on: '2026-12-03',
  exit_on: '2029-12-03',
  exit_projected: true,
})
const serving = carried({ id: '丙', stage: 'serving_sentence', way: stays(['serving_sentence', '2026-11-05']) })
const gone = carried({
  id: '丁',
  stage: 'exited',
  way: stays(['isolation', '2021-11-16'], ['follow_up', '2023-11-15'], ['exited', '2026-11-15']),
  exit_on: '2026-11-15',
  ended_on: '2026-11-15',
})
const sorts = (person: typeof inTerm) => {
  const way = wayOf(person, TODAY)
  return [way.past.map((one) => one.sort), way.ahead.map((one) => one.sort)]
}

test('each stay lasts until the next one began, and the last one until today', () => {
  const { past } = wayOf(inTerm, TODAY)
  assert.deepEqual(past.map((one) => [one.from, one.to]), [
    ['2023-12-05', '2023-12-11'],
    ['2023-12-11', '2025-12-10'],
    ['2025-12-10', '2025-12-24'],
    ['2025-12-24', TODAY],
  ])
  assert.equal(past[0]?.days, 6)
})

test('ahead lies what is left of the term, and what comes after it until the exit', () => {
  assert.deepEqual(sorts(inTerm), [['begun', 'inside', 'follow', 'recovery'], ['term']])
  assert.deepEqual(wayOf(inside, TODAY).ahead.map((one) => [one.sort, one.from, one.to]), [
    ['term', TODAY, '2026-12-04'],
    ['after', '2026-12-04', '2029-12-03'],
  ])
})

test('where nobody can tell the end yet, the line goes on and has no goal', () => {
  const way = wayOf(serving, TODAY)
  assert.equal(way.goal, null)
  assert.deepEqual(way.ahead.map((one) => one.sort), ['after'])
})

test('a way that ended has nothing ahead, and its end is no stretch of it', () => {
  const way = wayOf(gone, TODAY)
  assert.deepEqual(sorts(gone), [['inside', 'follow'], []])
  assert.deepEqual([way.ended, way.goal, way.past[1]?.to], [true, '2026-11-15', '2026-11-15'])
})

test('a term that is past leaves only the follow-up ahead', () => {
  const person = carried({ id: '戊', way: stays(['follow_up', '2026-07-16']), ends_on: '2026-07-16', exit_on: '2029-07-16' })
  assert.deepEqual(wayOf(person, TODAY).ahead.map((one) => [one.sort, one.to]), [['after', '2029-07-16']])
})

test('the line is full, in order, and no stretch is too short to be seen', () => {
  for (const person of [inTerm, inside, serving, gone]) {
    const placed = laidOut(wayOf(person, TODAY), 340, 6)
    const last = placed[placed.length - 1]
    assert.ok(last && Math.abs(last.x + last.width - 340) < 0.001, person.id)
    assert.ok(placed.every((one) => one.width > 5.999), person.id)
    placed.slice(1).forEach((one, at) => assert.equal(one.x, (placed[at]?.x ?? 0) + (placed[at]?.width ?? 0)))
  }
})

test('a long stretch is longer than a short one, and today lies where the past ends', () => {
  const placed = laidOut(wayOf(inTerm, TODAY), 340, 6)
  const [begun, isolation, , recovery] = placed
  assert.ok((isolation?.width ?? 0) > (recovery?.width ?? 0) && (recovery?.width ?? 0) > (begun?.width ?? 0))
  assert.equal(placeOf(placed, TODAY), (recovery?.x ?? 0) + (recovery?.width ?? 0))
  assert.equal(placeOf(placed, '2019-01-01'), null)
})

test('years stand on their first of January, and leave some out where they would touch', () => {
  const placed = laidOut(wayOf(inTerm, TODAY), 340, 6)
  const years = yearsOn(placed, 30)
  assert.deepEqual(years.map((one) => one.year), ['2024', '2025', '2026', '2027', '2028'])
  assert.deepEqual(yearsOn(placed, 100).length < years.length, true)
  assert.deepEqual(years.map((one) => one.x), [...years.map((one) => one.x)].sort((a, b) => a - b))
})

test('somebody whose way begins today is drawn too', () => {
  const person = carried({ id: '己', way: stays(['detected', TODAY]), exit_on: '2029-11-27', exit_projected: true })
  const placed = laidOut(wayOf(person, TODAY), 340, 6)
  assert.equal(placed.length, 2)
  assert.ok(placed.every((one) => Number.isFinite(one.x) && Number.isFinite(one.width)))
})
