/** What a day asks for: the obligations of the people carried, by urgency, then by person or by village. Pure. */

import type { Carried, Chair, Obligation } from './carried.ts'
import { addDays, daysBetween, type Day } from './days.ts'
import { stateOf, type State } from './due.ts'
import { keyOf } from './settled.ts'

export type Urgency = 'overdue' | 'today' | 'open' | 'coming'
export const URGENCIES: readonly Urgency[] = ['overdue', 'today', 'open', 'coming']
const COMING_DAYS = 7

export interface Task {
  person: Carried
  owed: Obligation
  state: State
  urgency: Urgency
  /** Days from today to the last day on which it is on time; negative where that has passed. */
  left: number
}

/** Tasks of one person, the most pressing first. */
export interface Bundle {
  person: Carried
  tasks: Task[]
}

export interface Village {
  /** Empty where the address names none. */
  name: string
  bundles: Bundle[]
}

/** The chairs of which somebody is to do the work: their own, and those of whom they stand in for. */
export function chairsOf(person: Carried, handles: readonly string[]): Set<string> {
  const mine = person.team.chairs.filter((chair) => isTheirs(chair, handles))
  return new Set(mine.map((chair) => chair.role))
}

/** Whether a chair is of one of them. Who sees their own chair alone is not told whose it is. */
export function isTheirs(chair: Chair, handles: readonly string[]): boolean {
  return chair.helper === undefined || handles.includes(chair.helper)
}

/** The chair of a role, where somebody sits in it. */
export function chairOf(person: Carried, role: string): Chair | undefined {
  return person.team.chairs.find((chair) => chair.role === role)
}

/** What there is to do on a day, the most pressing first; for some people's chairs alone, where handles are given. */
export function tasksOn(people: Iterable<Carried>, on: Day, handles: readonly string[] | null): Task[] {
  const found: Task[] = []
  for (const person of people) {
    const chairs = handles && chairsOf(person, handles)
    for (const owed of person.obligations) {
      if (chairs && !chairs.has(owed.owner)) continue
      const state = stateOf(owed, on)
      const urgency = urgencyOf(state, owed, on)
      if (urgency) found.push({ person, owed, state, urgency, left: daysBetween(on, owed.due_on) })
    }
  }
  return found.sort(byPressing)
}

/**
 * What is next for a person, however far away; null where nothing stands.
 *
 * What can be done comes before what opens later, and of either the own before what is another's; what is already
 * recorded (`settled`, by `keyOf`) is not next.
 */
export function nextFor(person: Carried, on: Day, handles: readonly string[], settled: ReadonlySet<string>): Task | null {
  const chairs = chairsOf(person, handles)
  const ahead = person.obligations.filter((owed) => stateOf(owed, on) === 'upcoming').sort((a, b) => compare(a.opens_on, b.opens_on))
  const later = ahead.map((owed): Task => ({ person, owed, state: 'upcoming', urgency: 'coming', left: daysBetween(on, owed.due_on) }))
  const now = tasksOn([person], on, null).filter((task) => task.urgency !== 'coming')
  for (const tasks of [now, later]) {
    const open = tasks.filter((task) => !settled.has(keyOf(task.owed)))
    const next = open.find((task) => chairs.has(task.owed.owner)) ?? open[0]
    if (next) return next
  }
  return null
}

function urgencyOf(state: State, owed: Obligation, on: Day): Urgency | null {
  if (state === 'overdue' || state === 'open') return state
  if (state === 'due_today') return 'today'
  return state === 'upcoming' && owed.opens_on <= addDays(on, COMING_DAYS) ? 'coming' : null
}

function byPressing(a: Task, b: Task): number {
  const urgency = URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency)
  return urgency || compare(a.owed.due_on, b.owed.due_on) || compare(a.person.id, b.person.id) || compare(a.owed.kind, b.owed.kind)
}

/** The tasks of each person together, in the order in which each person comes first. */
export function byPerson(tasks: readonly Task[]): Bundle[] {
  const found = new Map<string, Bundle>()
  for (const task of tasks) {
    const bundle = found.get(task.person.id) ?? { person: task.person, tasks: [] }
    bundle.tasks.push(task)
    found.set(task.person.id, bundle)
  }
  return [...found.values()]
}

/** People of a village together, so that one way serves them all; who has no village comes last. */
export function byVillage(tasks: readonly Task[]): Village[] {
  const found = new Map<string, Bundle[]>()
  for (const bundle of byPerson(tasks)) {
    const name = villageIn(bundle.person.person.address)
    found.set(name, [...(found.get(name) ?? []), bundle])
  }
  const villages = [...found].map(([name, bundles]) => ({ name, bundles }))
  return villages.sort((a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name, 'zh-CN'))
}

/** The village or community that an address names: 云溪镇东坪社区58号 -> 东坪社区. Empty where it names none. */
export function villageIn(address: string): string {
  const found = /(?:^|[省市县区镇乡旗道])([^省市县区镇乡旗道\s\d]{1,10}?(?:社区|村|屯|寨|嘎查))/.exec(address)
  return found?.[1] ?? ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
