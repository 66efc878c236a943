import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isWeak } from '../src/rules/pins.ts'

test('what anybody would try first is weak', () => {
  for (const pin of ['000000', '111111', '123456', '654321', '890123', '123123']) assert.equal(isWeak(pin), true, pin)
})

test('anything else will do', () => {
  for (const pin of ['204816', '112233', '135790', '908172']) assert.equal(isWeak(pin), false, pin)
})
