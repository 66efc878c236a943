import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LONGEST_EDGE, triesFor } from '../src/rules/pictures.ts'

test('a large photo begins at the longest edge, upright or not, and goes on smaller', () => {
  const tries = triesFor(3000, 4000)
  assert.deepEqual([tries[0]?.width, tries[0]?.height], [1200, LONGEST_EDGE])
  assert.ok(tries.every((each) => each.height <= LONGEST_EDGE && Math.abs(each.height / each.width - 4 / 3) < 0.01))
  const bytes = tries.map((each) => each.width * each.height * each.quality)
  assert.ok((bytes.at(-1) ?? 1) < (bytes[0] ?? 0) / 5)
})

test('a small one is not blown up, and none becomes nothing', () => {
  assert.deepEqual([triesFor(640, 480)[0]?.width, triesFor(640, 480)[0]?.height], [640, 480])
  assert.ok(triesFor(9000, 1).every((each) => each.height === 1 && each.width <= LONGEST_EDGE))
})
