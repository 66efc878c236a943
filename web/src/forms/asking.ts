/**
 * What a form asks about this person: what the phone knows already is not asked, and what the case allows is offered
 * in words, never as an id. Pure.
 */

import type { Form, Label } from '../api/types-of.ts'
import type { Carried, Happened, Obligation, Offered } from '../rules/carried.ts'
import { couldClose, type Rules } from '../rules/closing.ts'
import type { Day } from '../rules/days.ts'
import { fieldsOf, type Choice, type Data, type Field } from '../rules/fields.ts'

export interface Asking {
  form: Form
  forms: ReadonlyMap<string, Form>
  person: Carried
  move: Offered | undefined
  rules: Rules
  on: Day
  /** What is known from where it was opened: the task, its occurrence. */
  given: Data
  /** What a kind of obligation is called in the pack of the case. */
  kindLabel: (kind: string) => Label
  /** Names of helpers by their handles. */
  helpers: Readonly<Record<string, string>>
  /** The needs that have a name, and the offices that the phone knows. */
  needs: readonly Choice[]
  offices: readonly Choice[]
  /** The packs under which the people of this phone stand. */
  packs: readonly string[]
}

export interface Asked {
  /** Asked at once. */
  main: Field[]
  /** Asked of whoever opens "more". */
  more: Field[]
}

/** One thing owed, named by kind and occurrence: stands in for both fields of `obligation_excused`. */
const OWED = 'owed'
const LONGEST_WORDS = 18
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']
const BEHIND_MORE = new Set(['by_role', 'occurrence', 'contrary_to', 'minor_review', 'served_at', 'legal_ground', 'person_ref'])

/** The fields that are asked, in the form's order. */
export function askedOf(asking: Asking): Asked {
  const fields = fieldsOf(asking.form.form)
    .filter((field) => !isSilent(asking, field))
    .map((field) => offered(asking, field))
    .filter((field) => field.needed || !isChosen(field) || field.open || field.choices.length > 0)
  const asked = isAboutOneOwed(asking) ? withOneOwed(asking, fields) : fields
  const isBehind = (field: Field) => isBehindMore(asking, field)
  return { main: asked.filter((field) => !isBehind(field)), more: asked.filter(isBehind) }
}

/** What nobody has to say: a new test's id, another person's, the occurrence of the task that was tapped. */
function isSilent(asking: Asking, field: Field): boolean {
  if (field.of === 'new_test' || field.of === 'person') return true
  if (field.of !== 'occurrence' || isAboutOneOwed(asking)) return false
  return Boolean(asking.given[field.name]) || couldClose(asking.person, asking.rules, asking.form.event, asking.on).length < 2
}

function isAboutOneOwed(asking: Asking): boolean {
  return asking.form.event === 'obligation_excused'
}

function isChosen(field: Field): boolean {
  return field.sort === 'choice'
}

function isBehindMore(asking: Asking, field: Field): boolean {
  if (field.needed) return false
  return BEHIND_MORE.has(field.name) || (field.name === 'document_no' && !asking.form.by.includes('P'))
}

// ------------------------------------------------------------------ choices

/** A field with the choices that this case has for it. */
function offered(asking: Asking, field: Field): Field {
  const allowed = asking.move?.choices?.[field.name]
  if (field.of === 'occurrence') return chosenFrom(field, occurrences(asking))
  if (field.of === 'event') return chosenFrom(field, events(asking, (one) => Boolean(one.id && allowed?.includes(one.id)), idOf))
  if (field.of === 'test') return chosenFrom(field, events(asking, (one) => isTest(one, allowed), testOf))
  if (field.of === 'decision' && allowed) return chosenFrom(field, decisions(asking, allowed))
  if (field.of === 'office') return chosenFrom(field, asking.offices.filter((each) => each.value !== asking.person.office_id))
  if (field.of === 'pack') return chosenFrom(field, asking.packs.map(bare))
  if (field.of === 'need') return withNeeds(field, asking.needs)
  if (field.of === 'staff') return { ...chosenFrom(field, helpersIn(asking)), open: true }
  if (!allowed) return field
  return chosenFrom(field, allowed.map((value) => field.choices.find((each) => each.value === value) ?? bare(value)))
}

/** Where only one will do and one is needed, it stands there from the start. */
function chosenFrom(field: Field, choices: readonly Choice[]): Field {
  const only = field.needed && choices.length === 1 ? choices[0]?.value : undefined
  return { ...field, sort: 'choice', choices: [...choices], initial: field.initial ?? only ?? null }
}

/** A need is one of those that have a name, or another in somebody's own words. */
export function withNeeds(field: Field, needs: readonly Choice[]): Field {
  if (field.of !== 'need') return field
  return field.sort === 'texts' ? { ...field, choices: [...needs] } : { ...chosenFrom(field, needs), open: true }
}

function bare(value: string): Choice {
  return { value, label: { zh: value, en: value } }
}

function occurrences(asking: Asking): Choice[] {
  const found = couldClose(asking.person, asking.rules, asking.form.event, asking.on)
  return found.map((owed) => ({ value: owed.occurrence, label: owedLabel(asking, owed) }))
}

function helpersIn(asking: Asking): Choice[] {
  return Object.entries(asking.helpers).map(([value, name]) => ({ value, label: { zh: name, en: name } }))
}

function decisions(asking: Asking, allowed: readonly string[]): Choice[] {
  return allowed.map((value) => {
    const made = asking.person.events.find((one) => one.fields?.decision_no === value)
    return made ? { value, label: joined(eventLabel(asking, made), { zh: value, en: value }) } : bare(value)
  })
}

function events(asking: Asking, wanted: (one: Happened) => boolean, value: (one: Happened) => string): Choice[] {
  const found = asking.person.events.filter((one) => !one.voided && wanted(one))
  return found.reverse().map((one) => ({ value: value(one), label: eventLabel(asking, one) }))
}

function isTest(one: Happened, allowed: readonly string[] | undefined): boolean {
  if (one.event !== 'test_taken') return false
  return allowed === undefined || allowed.includes(testOf(one))
}

function testOf(one: Happened): string {
  return String(one.fields?.test_id ?? '')
}

function idOf(one: Happened): string {
  return one.id ?? ''
}

// ------------------------------------------------------------------ an event in words

/** `11/24 吸毒检测 · 尿液 · 阳性`: when, what, and what it said. */
export function eventLabel(asking: Pick<Asking, 'forms'>, one: Happened): Label {
  const form = asking.forms.get(one.event)
  const name = form?.label ?? { zh: one.event, en: one.event }
  const said = form ? saidIn(form, one) : []
  const on = short(one.on)
  const dated = { zh: `${on.zh} ${name.zh}`, en: `${on.en} ${name.en}` }
  return said.reduce(joined, dated)
}

/** What was chosen in it, and the beginning of its remark. */
function saidIn(form: Form, one: Happened): Label[] {
  const values = one.fields ?? {}
  const chosen = fieldsOf(form.form).flatMap((field) => field.choices.filter((each) => each.value === values[field.name]))
  const note = typeof values.note === 'string' ? [bare(cut(values.note)).label] : []
  return [...chosen.map((each) => each.label), ...note]
}

function cut(text: string): string {
  const signs = [...text]
  return signs.length > LONGEST_WORDS ? `${signs.slice(0, LONGEST_WORDS).join('')}…` : text
}

function joined(a: Label, b: Label): Label {
  return { zh: `${a.zh} · ${b.zh}`, en: `${a.en} · ${b.en}` }
}

function owedLabel(asking: Asking, owed: Obligation): Label {
  const name = asking.kindLabel(owed.kind)
  const [from, to] = [short(owed.opens_on), short(owed.due_on)]
  return { zh: `${name.zh} ${from.zh}–${to.zh}`, en: `${name.en} ${from.en} – ${to.en}` }
}

function short(day: Day): Label {
  const [month, date] = [Number(day.slice(5, 7)), Number(day.slice(8))]
  return { zh: `${month}/${date}`, en: `${date} ${MONTHS[month - 1]}` }
}

// ------------------------------------------------------------------ one thing owed

/** In place of a kind and an occurrence, one thing that is owed. */
function withOneOwed(asking: Asking, fields: Field[]): Field[] {
  const { kind = [], occurrence = [] } = asking.move?.choices ?? {}
  const found = asking.person.obligations.filter((owed) => kind.includes(owed.kind) && occurrence.includes(owed.occurrence))
  const standing = found.filter((owed) => !owed.closed_on && !owed.missed_on && !owed.excused_on)
  const choices = standing.map((owed) => ({ value: `${owed.kind} ${owed.occurrence}`, label: owedLabel(asking, owed) }))
  const named = fields.find((field) => field.name === 'kind')
  const others = fields.filter((field) => field.name !== 'kind' && field.name !== 'occurrence')
  return named ? [{ ...named, name: OWED, sort: 'choice', choices }, ...others] : others
}

/** The fields of the event, from what the form asked. */
export function unfolded(data: Data): Data {
  const { [OWED]: owed, ...rest } = data
  if (typeof owed !== 'string') return rest
  const [kind = '', occurrence = ''] = owed.split(' ')
  return { ...rest, kind, occurrence }
}

/** What the form asks, from the fields of an event that was sent before. */
export function folded(event: string, data: Data): Data {
  if (event !== 'obligation_excused') return data
  return { ...data, [OWED]: `${data.kind} ${data.occurrence}` }
}
