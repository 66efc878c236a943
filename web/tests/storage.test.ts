import assert from 'node:assert/strict'
import { test } from 'node:test'

import { full, ifRoom } from '../src/local/storage.ts'
import { useBusy } from '../src/parts/busy.ts'

const NO_ROOM = { name: 'AbortError', inner: { name: 'BulkError', failures: [{ name: 'QuotaExceededError' }] } }
const fails = (error: unknown) => async () => Promise.reject(error)

test('where there is no room, that is said until something finds room again', async () => {
  await ifRoom(fails(NO_ROOM))
  assert.equal(full.value, true)
  await ifRoom(async () => undefined)
  assert.equal(full.value, false)
})

test('whatever becomes of it, what was tapped can be tapped again', async () => {
  const { busy, during } = useBusy()
  await during(fails(NO_ROOM))
  assert.deepEqual([busy.value, full.value], [false, true])
  await assert.rejects(during(fails(new TypeError('ours'))), TypeError)
  assert.equal(busy.value, false)
})

test('what is being done is not done twice', async () => {
  const { during } = useBusy()
  let times = 0
  const work = async () => void (times += 1)
  await Promise.all([during(work), during(work)])
  assert.equal(times, 1)
})
