/** What the forms know of a person beside the form itself: the rules of their pack, and names in place of codes. */

import { v7 as uuid7 } from 'uuid'

import type { Label } from '../api/types-of.ts'
import { account } from '../local/account.ts'
import { forms, people, ruleOf, rulesOf, sections } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { offices } from '../local/offices.ts'
import { waiting } from '../local/queue.ts'
import type { Carried } from '../rules/carried.ts'
import { withActs, type Act } from '../rules/closing.ts'
import type { Day } from '../rules/days.ts'
import { chairsOf } from '../rules/today.ts'
import type { Asking } from './asking.ts'
import type { Choice, Data } from '../rules/fields.ts'

/** A person as the server will know them once what waits here has arrived; but for one request, where it is rewritten. */
export function foreseen(caseId: string, but?: string): Carried | null {
  const person = people.get(caseId)
  if (!person) return null
  const before = waiting.value.filter((one) => one.case_id === caseId && one.id !== but)
  const acts: Act[] = before.flatMap((one) =>
    one.request.events.map((event) => ({ event: event.event, on: event.happened_on, data: event.data ?? {} })),
  )
  return withActs(person, rulesOf(person), acts)
}

/** Everything that a form of this type has to know about this person; null where the phone has no such form. */
export function askingOf(person: Carried, event: string, on: Day, given: Data): Asking | null {
  const form = forms.value.get(event)
  if (!form) return null
  return {
    form,
    forms: forms.value,
    person,
    move: person.moves.find((move) => move.event === event),
    rules: rulesOf(person),
    on,
    given,
    kindLabel: (kind) => kindLabel(person, kind),
    helpers: sections.value.helpers ?? {},
    needs: needs(),
    packs: Object.keys(sections.value.rules ?? {}),
    offices: offices.value.map(({ id, name, place }) => ({ value: id, label: { zh: `${name} · ${place}`, en: `${name} · ${place}` } })),
  }
}

/** The needs that have a name. */
export function needs(): Choice[] {
  return Object.entries(sections.value.words?.needs ?? {}).map(([value, label]) => ({ value, label }))
}

function kindLabel(person: Carried, kind: string): Label {
  return ruleOf(person, kind)?.label ?? { zh: kind, en: kind }
}

/** What is filled in before anybody touches the form: a new test's own id, and from which chair I speak. */
export function knownOf(person: Carried, event: string): Data {
  if (event === 'test_taken') return { test_id: newTestId() }
  const chair = event === 'visited' ? [...chairsOf(person, [account.value?.handle ?? ''])][0] : undefined
  return chair ? { by_role: chair } : {}
}

/** Its day and four signs, as a refusal may name it: T261127-3f9c; no two phones make the same for one person. */
function newTestId(): string {
  return `T${today().slice(2).split('-').join('')}-${uuid7().slice(-4)}`
}
