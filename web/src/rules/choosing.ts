/** What can be recorded for a person, in the order in which somebody looks for it. Pure. */

import type { Form } from '../api/types-of.ts'
import type { Carried, Obligation, Offered } from './carried.ts'
import { couldClose, type Rules } from './closing.ts'
import type { Day } from './days.ts'

export type Group = 'care' | 'tests' | 'whereabouts' | 'team' | 'papers' | 'decisions' | 'register' | 'others'

export interface Recordable {
  form: Form
  move: Offered
  /** What it could settle on this day. */
  settles: Obligation[]
}

export interface Chosen {
  /** What most days are made of. */
  usual: Recordable[]
  /** What settles something that is owed, and is not among the usual. */
  settling: Recordable[]
  groups: { group: Group; records: Recordable[] }[]
}

const USUAL = ['visited', 'test_taken', 'assistance_given', 'welfare_contacted', 'team_met']
const GROUPS: Record<Exclude<Group, 'others' | 'decisions'>, readonly string[]> = {
  care: ['needs_reviewed', 'support_level_set', 'agreement_signed', 'plan_made', 'stage_reviewed', 'legality_reviewed', 'circumstance_recorded'],
  tests: ['test_scheduled', 'test_missed', 'test_objected', 'use_reported'],
  whereabouts: ['reported_in', 'left', 'returned', 'contact_lost', 'contact_restored', 'moved', 'refusal_recorded', 'breach_reported', 'breach_dismissed', 'met_at_gate', 'handover_planned', 'died'],
  team: ['helper_assigned', 'assignment_acknowledged', 'helper_released', 'chair_waived', 'consent_given', 'consent_ended'],
  papers: ['paper_served', 'papers_sent', 'family_notified', 'end_notice_served', 'file_forwarded', 'handover_file_received', 'record_update_sent', 'record_update_confirmed', 'exit_bar_reviewed', 'exit_bar_lifted'],
  register: ['event_voided', 'obligation_excused', 'entry_voided', 'detected', 'voluntary_treatment_started', 'voluntary_treatment_ended', 'resumed', 'person_registered', 'policy_pinned'],
}
const ORDER: readonly Group[] = ['care', 'tests', 'whereabouts', 'team', 'papers', 'decisions', 'others', 'register']

/** Where a type of event is looked for. */
export function groupOf(form: Form): Group {
  const named = Object.entries(GROUPS).find(([, events]) => events.includes(form.event))
  if (named) return named[0] as Group
  return form.by === 'P' ? 'decisions' : 'others'
}

/** All that can be recorded for a person on a day. */
export function chosenFor(person: Carried, rules: Rules, forms: ReadonlyMap<string, Form>, on: Day): Chosen {
  const all = person.moves.flatMap((move) => {
    const form = forms.get(move.event)
    return form ? [{ form, move, settles: couldClose(person, rules, move.event, on) }] : []
  })
  const usual = USUAL.flatMap((event) => all.filter((one) => one.form.event === event))
  const settling = all.filter((one) => one.settles.length > 0 && !usual.includes(one)).sort(byDue)
  const others = all.filter((one) => !usual.includes(one) && !settling.includes(one))
  const groups = ORDER.map((group) => ({ group, records: others.filter((one) => groupOf(one.form) === group).sort(byPlace) }))
  return { usual, settling, groups: groups.filter((each) => each.records.length > 0) }
}

/** What settles the soonest due comes first. */
function byDue(a: Recordable, b: Recordable): number {
  const [first, second] = [firstDue(a), firstDue(b)]
  return first < second ? -1 : first > second ? 1 : 0
}

/** As a group lists them; what it does not list comes last, as the server sent it. */
function byPlace(a: Recordable, b: Recordable): number {
  const [first, second] = [placeOf(a.form), placeOf(b.form)]
  return first === second ? 0 : first - second
}

function placeOf(form: Form): number {
  const place = Object.values(GROUPS).flat().indexOf(form.event)
  return place < 0 ? Infinity : place
}

function firstDue(one: Recordable): Day {
  return one.settles.map((owed) => owed.due_on).sort()[0] ?? ''
}
