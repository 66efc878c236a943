/**
 * Which acts settle what is owed, what their forms hold from the start, and what the queue has settled already. Pure.
 *
 * The server matches in the same way once it has them (`workflow/rules/closing.py`): until then this says what to expect.
 */

import type { Carried, Obligation } from './carried.ts'
import type { Day } from './days.ts'

/** An act that may settle a kind, as the server names it. */
export interface Closing {
  event?: string
  data?: Record<string, string>
  only_if?: Record<string, string>
  about?: string
}

export interface Closer {
  event: string
  /** What its form holds from the start. */
  data: Record<string, string>
  /** It settles it only where this was found or decided; nobody writes that beforehand. */
  onlyIf: Record<string, string>
}

/** What was written down here and not yet answered. */
export interface Written {
  event: string
  happened_on: Day
  data?: Record<string, unknown> | null
}

type ClosingsOf = (kind: string) => readonly Closing[]

/** The acts that settle this obligation, the one that is for it alone first. */
export function closersOf(closings: readonly Closing[], owed: Obligation): Closer[] {
  return closings.map((one) => ({
    event: one.event ?? '',
    data: { ...one.data, ...(one.about && owed.about ? { [one.about]: owed.about } : {}) },
    onlyIf: one.only_if ?? {},
  }))
}

/** Those of them that may be recorded for this person today. */
export function offeredClosers(person: Carried, closers: readonly Closer[]): Closer[] {
  const offered = new Set(person.moves.map((move) => move.event))
  return closers.filter((closer) => offered.has(closer.event))
}

/** The name of an obligation within its case. */
export function keyOf(owed: Obligation): string {
  return `${owed.kind} ${owed.occurrence}`
}

/** What the written acts settle of a person's obligations, by `keyOf`: each act at most one of a kind. */
export function settledBy(person: Carried, written: readonly Written[], closingsOf: ClosingsOf): Set<string> {
  const settled = new Set<string>()
  const standing = person.obligations.filter((owed) => !owed.closed_on && !owed.missed_on && !owed.excused_on && !owed.withdrawn)
  for (const act of written) {
    for (const kind of new Set(standing.map((owed) => owed.kind))) {
      const fitting = standing.filter((owed) => owed.kind === kind && !settled.has(keyOf(owed)) && fits(act, owed, closingsOf(kind)))
      const chosen = choose(fitting, act)
      if (chosen) settled.add(keyOf(chosen))
    }
  }
  return settled
}

function fits(act: Written, owed: Obligation, closings: readonly Closing[]): boolean {
  if (act.happened_on < owed.opens_on || (owed.ended_on && act.happened_on > owed.ended_on)) return false
  return closersOf(closings, owed).some((one) => one.event === act.event && holds(act, one.data) && holds(act, one.onlyIf))
}

function holds(act: Written, values: Record<string, string>): boolean {
  return Object.entries(values).every(([name, value]) => act.data?.[name] === value)
}

/** The one that the act names; else the one in whose days it lies; else the oldest. */
function choose(fitting: readonly Obligation[], act: Written): Obligation | undefined {
  const named = act.data?.occurrence
  if (named) return fitting.find((owed) => owed.occurrence === named)
  const inTime = fitting.filter((owed) => act.happened_on <= owed.due_on)
  const among = inTime.length > 0 ? inTime : [...fitting]
  return among.sort((a, b) => (a.due_on + a.opens_on < b.due_on + b.opens_on ? -1 : 1))[0]
}
