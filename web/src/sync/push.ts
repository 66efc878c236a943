/** What was written down here goes to the server, in its order (上行); each request is answered by itself. */

import { api, brought } from '../api/client.ts'
import type { QueueAnswer } from '../api/types-of.ts'
import { takeAnswers, waiting, type Queued } from '../local/queue.ts'

const BATCH = 50

/** Send what waits. Gives how many were answered. Throws where the server could not be asked: then all of it still waits. */
export async function push(): Promise<number> {
  let sent = 0
  while (waiting.value.length > 0) {
    const batch = nextBatch(waiting.value)
    const body = { items: batch.map((one) => one.request) }
    const answers = await brought(api.POST('/api/v1/sync', { body }))
    await takeAnswers(batch, answers.items as QueueAnswer[])
    sent += batch.length
  }
  return sent
}

/** Up to where one hangs on an answer: what was decided on a version waits for what was written before it about that person. */
function nextBatch(waits: readonly Queued[]): Queued[] {
  const before = new Set<string>()
  const batch: Queued[] = []
  for (const one of waits.slice(0, BATCH)) {
    if (one.request.expected_version && before.has(one.case_id)) break
    batch.push(one)
    before.add(one.case_id)
  }
  return batch
}
