/**
 * The one definition of due (到期), in TypeScript: what an obligation is on a day, a pure function of its dates.
 *
 * Server, phone and report agree: `docs/vectors/due.json` tests each of them (in Python `workflow/rules/due.py`).
 */

import type { Day } from './days.ts'

export type State =
  | 'upcoming'
  | 'open'
  | 'due_today'
  | 'overdue'
  | 'done'
  | 'done_late'
  | 'missed'
  | 'withdrawn'
  | 'lapsed'
  | 'held'

export interface Dates {
  opens_on: Day
  due_on: Day
  closed_on?: Day | null
  missed_on?: Day | null
  excused_on?: Day | null
  withdrawn?: boolean
  ended_on?: Day | null
  held_since?: Day | null
}

/** What an obligation is on a day (domain.md section 8). */
export function stateOf(owed: Dates, on: Day): State {
  if (owed.closed_on) return owed.closed_on <= owed.due_on ? 'done' : 'done_late'
  if (owed.missed_on) return 'missed'
  if (owed.excused_on || owed.withdrawn) return 'withdrawn'
  if (owed.ended_on) return owed.due_on >= owed.ended_on ? 'withdrawn' : 'lapsed'
  if (owed.held_since && owed.held_since <= on) return 'held'
  return standingState(owed, on)
}

function standingState(owed: Dates, on: Day): State {
  if (on < owed.opens_on) return 'upcoming'
  if (on < owed.due_on) return 'open'
  return on === owed.due_on ? 'due_today' : 'overdue'
}

/** Whether something can be done about it on that day. */
export function isOwed(state: State): boolean {
  return state === 'open' || state === 'due_today' || state === 'overdue'
}
