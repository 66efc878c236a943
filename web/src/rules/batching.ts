/** One thing that happened with several people on one day: of which types, and with whom. Pure. */

import type { Form } from '../api/types-of.ts'
import type { Data, Field } from './fields.ts'
import type { Carried, Obligation } from './carried.ts'
import { couldClose, type Rules, type Way } from './closing.ts'
import type { Day } from './days.ts'

export interface Candidate {
  person: Carried
  /** What it could settle on this day. */
  settles: Obligation[]
}

/** The act that is meant for many. */
export interface Meant {
  event: string
  on: Day
  rulesOf: (one: Carried) => Rules
  /** What the form will say of each without being asked. */
  knownOf: (one: Carried) => Data
}

export interface Candidates {
  /** To whom it is owed, the soonest due first. */
  owed: Candidate[]
  others: Candidate[]
  /** For whom it cannot be recorded now. */
  cannot: Carried[]
}

/** Those that are most often recorded for many come first. */
const FIRST = ['test_taken', 'visited', 'team_met', 'assistance_given', 'needs_reviewed', 'test_scheduled']
/** What names something of one case is written down in that case. */
const OF_ONE_CASE = new Set(['test', 'event', 'decision', 'kind', 'occurrence', 'office', 'staff', 'person', 'pack'])

/** The types that can be written down for many at once: acts of the office that name nothing of one case. */
export function formsForMany(forms: Iterable<Form>, fieldsOf: (form: Form) => Field[]): Form[] {
  const found = [...forms].filter((form) => {
    const namesOne = fieldsOf(form).some((field) => field.needed && OF_ONE_CASE.has(field.of ?? ''))
    return !form.moves && form.by !== 'P' && !namesOne && form.event !== 'person_registered'
  })
  return found.sort((a, b) => placeOf(a) - placeOf(b))
}

function placeOf(form: Form): number {
  const place = FIRST.indexOf(form.event)
  return place < 0 ? FIRST.length : place
}

/** The fields that are the same for many: a test's own id is made by the phone, and nothing of one case is asked. */
export function fieldsForMany(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.of !== 'new_test' && !OF_ONE_CASE.has(field.of ?? ''))
}

/** Everybody, by whether it is owed to them. */
export function candidatesFor(people: Iterable<Carried>, meant: Meant): Candidates {
  const { event } = meant
  const found: Candidates = { owed: [], others: [], cannot: [] }
  for (const person of people) {
    if (!person.moves.some((move) => move.event === event)) found.cannot.push(person)
    else {
      const settles = owedAnyhow(person, meant).sort(byDue)
      ;(settles.length ? found.owed : found.others).push({ person, settles })
    }
  }
  found.owed.sort((a, b) => byDue(a.settles[0]!, b.settles[0]!))
  return found
}

/** What such an act could settle without naming a test or a ground of that case, and from the chair of whoever writes. */
function owedAnyhow(person: Carried, { event, on, rulesOf, knownOf }: Meant): Obligation[] {
  const [rules, known] = [rulesOf(person), knownOf(person)]
  const isMeant = (way: Way) => Object.entries(way.data ?? {}).every(([name, value]) => (known[name] ?? value) === value)
  const isAnyhow = (kind: string) => (rules[kind]?.closed_by ?? []).some((way) => way.event === event && !way.about && isMeant(way))
  return couldClose(person, rules, event, on).filter((owed) => isAnyhow(owed.kind))
}

function byDue(a: Obligation, b: Obligation): number {
  return a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : 0
}
