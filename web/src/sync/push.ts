/** What was written down here goes to the server, in its order (上行); each request is answered by itself. */

import { api, brought } from '../api/client.ts'
import type { QueueAnswer } from '../api/types-of.ts'
import { takeAnswers, waiting } from '../local/queue.ts'

const BATCH = 50

/** Send what waits. Gives how many were answered. Throws where the server could not be asked: then all of it still waits. */
export async function push(): Promise<number> {
  let sent = 0
  while (waiting.value.length > 0) {
    const items = waiting.value.slice(0, BATCH).map((one) => one.request)
    const answers = await brought(api.POST('/api/v1/sync', { body: { items } }))
    await takeAnswers(answers.items as QueueAnswer[])
    sent += answers.items.length
  }
  return sent
}
