/**
 * What an act would close, as the server will find it (domain.md section 8; `workflow/rules/closing.py`). Pure.
 *
 * A forecast for the screen: the server decides, and says so when it has the act.
 */

import type { Carried, Obligation } from './carried.ts'
import type { Day } from './days.ts'

/** A type of event that may close a kind; `data` is filled in beforehand, `only_if` is what was found. */
export interface Way {
  event: string
  data?: Record<string, string>
  only_if?: Record<string, string>
  about?: string
}

/** By kind of obligation, of one pack. */
export type Rules = Record<string, { closed_by?: Way[] }>

export interface Act {
  event: string
  on: Day
  data: Record<string, unknown>
}

/** A chair filled closes it only where it was the last one: no phone says so beforehand. */
const NOBODY_FORESEES = new Set(['assemble_team'])

/** The ways in which an obligation can be closed now, the act that is for it alone first. */
export function waysNow(person: Carried, rules: Rules, kind: string): Way[] {
  const offered = new Set(person.moves.map((move) => move.event))
  return (rules[kind]?.closed_by ?? []).filter((way) => offered.has(way.event))
}

/** The fields with which a form begins, so that the act closes this obligation. */
export function meantFor(way: Way, owed: Obligation): Record<string, string> {
  return { ...way.data, ...(way.about && owed.about ? { [way.about]: owed.about } : {}) }
}

/** What an act would close, one of a kind at most. */
export function wouldClose(person: Carried, rules: Rules, act: Act): Obligation[] {
  const found: Obligation[] = []
  for (const [kind, rule] of Object.entries(rules)) {
    if (NOBODY_FORESEES.has(kind)) continue
    const ways = (rule.closed_by ?? []).filter((way) => way.event === act.event)
    const fitting = person.obligations.filter(
      (owed) => owed.kind === kind && isClosable(owed, act.on) && ways.some((way) => fits(way, act, owed, person)),
    )
    const chosen = choose(fitting, act)
    if (chosen) found.push(chosen)
  }
  return found
}

/** What an act of this type could close at all, whatever it says: for whom the occurrence is asked. */
export function couldClose(person: Carried, rules: Rules, event: string, on: Day): Obligation[] {
  return person.obligations.filter(
    (owed) => isClosable(owed, on) && (rules[owed.kind]?.closed_by ?? []).some((way) => way.event === event),
  )
}

/** The person as the server will know them once these acts have arrived: what they close is owed no more. */
export function withActs(person: Carried, rules: Rules, acts: readonly Act[]): Carried {
  return acts.reduce((known, act) => {
    const closed = new Set(wouldClose(known, rules, act))
    const obligations = known.obligations.map((owed) => (closed.has(owed) ? { ...owed, closed_on: act.on } : owed))
    return closed.size ? { ...known, obligations } : known
  }, person)
}

function isClosable(owed: Obligation, on: Day): boolean {
  const settled = owed.closed_on || owed.missed_on || owed.excused_on || owed.withdrawn
  return !settled && on >= owed.opens_on && (!owed.ended_on || on <= owed.ended_on)
}

function fits(way: Way, act: Act, owed: Obligation, person: Carried): boolean {
  const said = Object.entries({ ...way.data, ...way.only_if })
  if (said.some(([name, value]) => act.data[name] !== value)) return false
  if (!way.about || !owed.about) return true
  const named = act.data[way.about]
  return named === owed.about || rootOf(person, named) === owed.about
}

/** The test that a further test examines again, back to the first; else what was named. */
function rootOf(person: Carried, named: unknown): unknown {
  for (let steps = 0; steps < person.events.length; steps++) {
    const test = person.events.find((one) => one.event === 'test_taken' && one.fields?.test_id === named)
    const earlier = test?.fields?.of
    if (typeof earlier !== 'string') return named
    named = earlier
  }
  return named
}

function choose(fitting: Obligation[], act: Act): Obligation | undefined {
  const named = act.data.occurrence
  if (typeof named === 'string' && named) return fitting.find((owed) => owed.occurrence === named)
  const within = fitting.filter((owed) => act.on <= owed.due_on)
  return (within.length ? within : fitting).slice().sort(byDue)[0]
}

function byDue(a: Obligation, b: Obligation): number {
  return a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : a.opens_on < b.opens_on ? -1 : 1
}
