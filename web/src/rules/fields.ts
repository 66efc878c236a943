/**
 * The fields of a form, read off the JSON Schema that the server sends with each type of event. Pure.
 *
 * What is wrong with a value is said by the server's own limits, so that what passes here is never malformed there.
 */

import type { Label } from '../api/types-of.ts'
import type { Day } from './days.ts'

export type Sort = 'text' | 'long' | 'day' | 'instant' | 'truth' | 'number' | 'choice' | 'texts' | 'strange'
export type Value = string | number | boolean | string[] | null
export type Data = Record<string, Value>

export interface Choice {
  value: string
  label: Label
}

export interface Field {
  name: string
  sort: Sort
  label: Label
  needed: boolean
  /** What stands in it at the start. */
  initial: Value
  choices: Choice[]
  least?: number
  most?: number
  /** Another than the choices may stand there too. */
  open?: boolean
  /** What it names that is known elsewhere: a test, an event, a member of staff (`x-of`). */
  of?: string
}

/** What is wrong with a value; its words are `record.fault.<fault>`. */
export type Fault = 'needed' | 'day' | 'instant' | 'number' | 'least' | 'most' | 'choice' | 'ahead'

interface Schema {
  type?: string
  format?: string
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  default?: unknown
  minLength?: number
  minimum?: number
  maximum?: number
  'x-label'?: Label
  'x-of'?: string
  'x-choices'?: Record<string, Label>
}

const FIRST_DAY = '1900-01-01'
const LAST_DAY = '2199-12-31'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
/** Texts that people write in sentences. */
const SENTENCES = new Set(['note', 'reason', 'explanation', 'what', 'outcome', 'result'])

/** The fields of a form, in its order. */
export function fieldsOf(form: Record<string, unknown>): Field[] {
  const needed = new Set((form.required ?? []) as string[])
  const properties = (form.properties ?? {}) as Record<string, Schema>
  return Object.entries(properties).map(([name, schema]) => fieldOf(name, schema, needed.has(name)))
}

function fieldOf(name: string, schema: Schema, needed: boolean): Field {
  const inner = { ...schema, ...plain(schema) }
  const sort = sortOf(name, inner)
  return {
    name,
    sort,
    label: schema['x-label'] ?? { zh: name, en: name },
    needed,
    initial: (schema.default as Value | undefined) ?? emptyOf(sort),
    choices: (inner.enum ?? []).map((value) => choiceOf(String(value), schema['x-choices'])),
    least: inner.minimum,
    most: inner.maximum,
    of: schema['x-of'],
  }
}

/** The schema without the null that may stand in its place. */
function plain(schema: Schema): Schema {
  return schema.anyOf?.find((each) => each.type !== 'null') ?? schema
}

function sortOf(name: string, schema: Schema): Sort {
  if (schema.enum) return 'choice'
  if (schema.format === 'date') return 'day'
  if (schema.format === 'date-time') return 'instant'
  if (schema.type === 'boolean') return 'truth'
  if (schema.type === 'integer') return 'number'
  if (schema.type === 'array' && schema.items?.type === 'string') return 'texts'
  if (schema.type === 'string') return SENTENCES.has(name) ? 'long' : 'text'
  return 'strange'
}

function choiceOf(value: string, labels: Record<string, Label> | undefined): Choice {
  return { value, label: labels?.[value] ?? { zh: value, en: value } }
}

function emptyOf(sort: Sort): Value {
  if (sort === 'truth') return false
  return sort === 'texts' ? [] : null
}

/** What a form holds before anybody touched it, with what is known already. */
export function initialOf(fields: readonly Field[], known: Data = {}): Data {
  return Object.fromEntries(fields.map((field) => [field.name, known[field.name] ?? field.initial]))
}

/** What is sent: what was filled in, trimmed; what says nothing is left out. */
export function sentOf(fields: readonly Field[], data: Data): Data {
  const filled = fields.map((field) => [field.name, trimmed(data[field.name] ?? null)] as const)
  return Object.fromEntries(filled.filter(([name, value]) => saysSomething(value, fields.find((one) => one.name === name))))
}

function trimmed(value: Value): Value {
  if (typeof value === 'string') return keepable(value)
  return Array.isArray(value) ? value.map(keepable).filter((each) => each !== '') : value
}

/** No character that is none: half of a pair, or a NUL. */
function keepable(text: string): string {
  const whole = [...text].filter((sign) => sign !== '\0' && !(sign.length === 1 && sign >= '\ud800' && sign <= '\udfff'))
  return whole.join('').trim()
}

function saysSomething(value: Value, field: Field | undefined): boolean {
  if (value === null || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return field?.needed === true || value !== false
}

/** What is wrong with each field that something is wrong with, in the form's order. */
export function faultsOf(fields: readonly Field[], data: Data): Map<string, Fault> {
  const found = fields.map((field) => [field.name, faultIn(field, trimmed(data[field.name] ?? null))] as const)
  return new Map(found.filter((each): each is [string, Fault] => each[1] !== null))
}

function faultIn(field: Field, value: Value): Fault | null {
  if (value === null || value === '') return field.needed ? 'needed' : null
  if (field.sort === 'day') return isDay(value) ? null : 'day'
  if (field.sort === 'instant') return isInstant(value) ? null : 'instant'
  if (field.sort === 'number') return faultInNumber(field, value)
  const foreign = field.sort === 'choice' && !field.open && !field.choices.some((each) => each.value === value)
  return foreign ? 'choice' : null
}

function faultInNumber(field: Field, value: Value): Fault | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'number'
  if (field.least !== undefined && value < field.least) return 'least'
  return field.most !== undefined && value > field.most ? 'most' : null
}

/** A day of the calendar, within the years that the server takes. */
export function isDay(value: unknown): value is Day {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const at = Date.parse(value)
  const real = !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value
  return real && value >= FIRST_DAY && value <= LAST_DAY
}

/** An instant of the office's clock: `2026-11-27T15:04:00+08:00`. */
export function instantOf(day: Day, time: string): string {
  return `${day}T${time}:00+08:00`
}

function isInstant(value: Value): boolean {
  return typeof value === 'string' && INSTANT.test(value) && isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value))
}
