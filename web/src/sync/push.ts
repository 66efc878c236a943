/** What was written down here goes to the server, in its order (上行); each request is answered by itself. */

import { api, brought, RefusedBy } from '../api/client.ts'
import type { Problem, QueueAnswer } from '../api/types-of.ts'
import { takeAnswers, waiting, type Queued } from '../local/queue.ts'

const BATCH = 50

/**
 * Send what waits. Throws where the server could not be asked: then all of it still waits.
 *
 * A request over which the server stumbles holds up those about the same person and nobody else's; one that it can
 * take in no case comes back to its writer.
 */
export async function push(): Promise<void> {
  const stuck = new Set<string>()
  let most = BATCH
  for (;;) {
    const batch = nextBatch(waiting.value.filter((one) => !stuck.has(one.case_id)).slice(0, most))
    const [first, ...more] = batch
    if (!first) return
    try {
      await send(batch)
      most = BATCH
    } catch (error) {
      const problem = stumbled(error)
      most = Math.ceil(batch.length / 2)
      if (more.length > 0) continue
      if (problem.status < 500) await takeAnswers(batch, [cameBack(first, problem)])
      else stuck.add(first.case_id)
      most = BATCH
    }
  }
}

async function send(batch: Queued[]): Promise<void> {
  const body = { items: batch.map((one) => one.request) }
  const { items } = await brought(api.POST('/api/v1/sync', { body }))
  await takeAnswers(batch, items as QueueAnswer[])
}

/** Whether it was about what was sent, and not about the line, the login or the load; all else is thrown on. */
function stumbled(error: unknown): Problem {
  if (error instanceof RefusedBy && [413, 422, 500].includes(error.problem.status)) return error.problem
  throw error
}

function cameBack(one: Queued, problem: Problem): QueueAnswer {
  const { id, case_id } = one
  return { id, case_id, outcome: 'refused', status: problem.status, recorded: null, problem, theirs: [], waits_for: [] }
}

/** Up to where one hangs on an answer: what was decided on a version waits for what was written before it about that person. */
function nextBatch(waits: readonly Queued[]): Queued[] {
  const before = new Set<string>()
  const batch: Queued[] = []
  for (const one of waits) {
    if (one.request.expected_version && before.has(one.case_id)) break
    batch.push(one)
    before.add(one.case_id)
  }
  return batch
}
