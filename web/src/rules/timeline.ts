/** What happened to a person, the newest first, and what was written down with it in words. Pure. */

import type { Form, Label } from '../api/types-of.ts'
import type { Happened } from './carried.ts'
import type { Day } from './days.ts'

/** A value in words, as text, as yes or no, as a day or an instant, or as something known elsewhere that it names. */
export type Value =
  | { said: Label }
  | { text: string }
  | { yes: boolean }
  | { day: Day }
  | { at: number }
  | { helper: string }
  | { kind: string }
  | { event: string }
  | { test: string }
  | { need: string }
  | { office: string }
  | { photo: string }

export interface Fact {
  name: string
  label: Label
  values: Value[]
}

interface Field {
  'x-label'?: Label
  'x-choices'?: Record<string, Label>
  'x-of'?: string
  items?: Field
  format?: string
  anyOf?: { format?: string }[]
}

/** Which number an obligation has, and the key of a record: for machines. */
const UNSAID = ['occurrence', 'person_ref']
const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The events of a person, the newest first; what is of one day stays in the order in which it was recorded, turned round. */
export function newestFirst(events: readonly Happened[]): Happened[] {
  return [...events].reverse().sort((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0))
}

/** Whether it was recorded on another day than the one on which it happened. */
export function wasLate(event: Happened): boolean {
  return event.recorded_on !== undefined && event.recorded_on !== event.on
}

/** What stands in an event, field by field in the order of its form, in the words of the form; empty fields are left out. */
export function factsOf(data: Readonly<Record<string, unknown>> | undefined, form: Form | undefined): Fact[] {
  const fields = (form?.form?.properties ?? {}) as Record<string, Field>
  const order = Object.keys(fields)
  const names = Object.keys(data ?? {}).sort((a, b) => place(order, a) - place(order, b))
  return names
    .filter((name) => !UNSAID.includes(name) && fields[name]?.['x-of'] !== 'new_test' && !isEmpty(data?.[name]))
    .map((name) => ({ name, label: labelOf(name, fields[name]), values: valuesOf(name, data?.[name], fields[name]) }))
}

/** The field that says in the writer's own words what happened comes before all others. */
function place(order: string[], name: string): number {
  if (name === 'note') return order.length + 1
  return order.includes(name) ? order.indexOf(name) : order.length
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

function labelOf(name: string, field: Field | undefined): Label {
  return field?.['x-label'] ?? { zh: name, en: name }
}

function valuesOf(name: string, value: unknown, field: Field | undefined): Value[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(name, each, field))
  if (typeof value === 'boolean') return [{ yes: value }]
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const said = field?.['x-choices']?.[text] ?? field?.items?.['x-choices']?.[text]
  if (said) return [{ said }]
  if (name === 'helper') return [{ helper: text }]
  if (name === 'kind') return [{ kind: text }]
  if (name === 'event_id') return [{ event: text }]
  const of = field?.['x-of']
  if (of === 'test' || of === 'need' || of === 'office') return [{ [of]: text } as Value]
  if (of === 'paper' && IS_ID.test(text)) return [{ photo: text }]
  return [inForm(text, field)]
}

function inForm(text: string, field: Field | undefined): Value {
  const formats = [field?.format, ...(field?.anyOf ?? []).map((one) => one.format)]
  const at = Date.parse(text)
  if (formats.includes('date-time') && !Number.isNaN(at)) return { at }
  return formats.includes('date') ? { day: text } : { text }
}

/** What differs between two accounts of the same event: each field that either of them has and that is not alike. */
export function differences(mine: readonly Fact[], theirs: readonly Fact[]): { label: Label; mine?: Fact; theirs?: Fact }[] {
  const named = (facts: readonly Fact[], name: string) => facts.find((fact) => fact.name === name)
  const names = new Set([...mine, ...theirs].map((fact) => fact.name))
  return [...names]
    .map((name) => ({ mine: named(mine, name), theirs: named(theirs, name) }))
    .filter((pair) => JSON.stringify(pair.mine?.values) !== JSON.stringify(pair.theirs?.values))
    .map((pair) => ({ label: (pair.mine ?? pair.theirs)?.label as Label, ...pair }))
}
