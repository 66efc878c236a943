/** One record as it is being written: its draft, what the form asks of it, what is wrong with it, and saving it. */

import { computed, nextTick, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'

import { rulesOf } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { draftOf, drafts, dropDraft, keepDraft, keeping, newDraft, type Draft } from '../local/drafts.ts'
import { prepareOffices } from '../local/offices.ts'
import { bindPhotos, photosOf } from '../local/photos.ts'
import { enqueue, queue, requestOf, type NewEvent } from '../local/queue.ts'
import { tellOf } from '../local/recorded.ts'
import type { Carried, Obligation } from '../rules/carried.ts'
import { meantFor, wouldClose, type Way } from '../rules/closing.ts'
import { timeOfDay } from '../rules/days.ts'
import { sync } from '../sync/syncing.ts'
import { askedOf, folded, unfolded } from './asking.ts'
import { faultsOf, fieldsOf, initialOf, instantOf, isDay, sentOf, type Data, type Fault, type Field } from './fields.ts'
import { askingOf, foreseen, knownOf } from './known.ts'

/** From where it was opened. */
export interface From {
  kind?: string
  occurrence?: string
  draft?: string
  refused?: string
}

/** Only an appointment is written down before its day. */
export const LIES_AHEAD = new Set(['test_scheduled'])

export function useWriting(caseId: string, event: string, from: From) {
  const draft = reactive<Draft>(newDraft(caseId, event, today()))
  const ready = ref(false)
  const touched = ref(false)
  const tried = ref(false)
  const begun = shallowRef<Draft | null>(null)
  const refused = queue.value.find((one) => one.id === from.refused) ?? null
  const keeper = keeping(() => keepDraft({ ...draft, refused: refused?.id }))

  const person = computed(() => foreseen(caseId, from.refused))
  const given = computed<Data>(() => (person.value ? givenBy(person.value, event, from) : {}))
  const asking = computed(() => person.value && askingOf(person.value, event, draft.happened_on, given.value))
  const asked = computed(() => (asking.value ? askedOf(asking.value) : { main: [], more: [] }))
  const faults = computed(() => faultsIn(draft, [...asked.value.main, ...asked.value.more]))
  const said = computed(() => {
    const fields = asking.value ? fieldsOf(asking.value.form.form) : []
    return sentOf(fields, withPhotos(fields, unfolded(draft.data), draft.photos))
  })
  /** What is sent: an occurrence that it cannot close on that day is not named, and the act is recorded all the same. */
  const data = computed(() => (from.occurrence && closedBy(said.value).length === 0 ? without(said.value, 'occurrence') : said.value))
  const closes = computed(() => closedBy(data.value))

  function closedBy(fields: Data): Obligation[] {
    if (!person.value) return []
    return wouldClose(person.value, rulesOf(person.value), { event, on: draft.happened_on, data: fields })
  }

  async function begin(): Promise<void> {
    if (asking.value && fieldsOf(asking.value.form.form).some((field) => field.of === 'office')) void prepareOffices()
    const unfinished = from.draft ? await draftOf(from.draft) : null
    if (unfinished) Object.assign(draft, unfinished)
    else if (refused) Object.assign(draft, fromEvent(refused.request.events[0]), { photos: await photosOf(refused.id) })
    else begun.value = (await drafts(caseId)).find((one) => one.event === event && !one.refused) ?? null
    const known = person.value ? { ...knownOf(person.value, event), ...given.value } : {}
    draft.data = { ...initialOf([...asked.value.main, ...asked.value.more], known), ...known, ...draft.data }
    touched.value = unfinished !== null
    await nextTick() // what was just filled in is nobody's change
    ready.value = true
  }

  watch(draft, () => {
    if (!ready.value) return
    touched.value = true
    keeper.changed()
  })
  onScopeDispose(() => void keeper.stop(touched.value))

  function resume(): void {
    Object.assign(draft, begun.value)
    begun.value = null
  }

  async function discard(): Promise<void> {
    if (begun.value) await dropDraft(begun.value.id)
    begun.value = null
  }

  /** Write it down for the server. False where something is wrong with it: said next to each field. */
  async function save(): Promise<boolean> {
    tried.value = true
    if (faults.value.size > 0 || !person.value) return false
    const request = requestOf(caseId, person.value.person.name, [eventOf(draft, data.value)])
    touched.value = false
    await keeper.stop(false)
    if (draft.photos.length > 0) {
      await keepDraft({ ...draft }) // so that no photo is on its way before its event is written down
      await bindPhotos(draft, request)
    }
    await enqueue([request], { draft: draft.id, refused: refused?.id })
    tellOf([request.id])
    void sync()
    return true
  }

  return { draft, person, asking, asked, faults, tried, closes, begun, refused, ready, touched, begin, resume, discard, save }
}

function givenBy(person: Carried, event: string, from: From): Data {
  const owed = person.obligations.find((one) => one.kind === from.kind && one.occurrence === from.occurrence)
  const way = from.kind ? (rulesOf(person)[from.kind]?.closed_by ?? []).find((each: Way) => each.event === event) : undefined
  const meant = way && owed ? meantFor(way, owed) : {}
  return from.occurrence ? { ...meant, occurrence: from.occurrence } : meant
}

/** Where a form has a place for papers, the photos are named there by their ids. */
function withPhotos(fields: readonly Field[], data: Data, photos: readonly string[]): Data {
  const place = fields.find((field) => field.of === 'paper' && field.sort === 'texts')
  if (!place || photos.length === 0) return data
  const written = data[place.name]
  return { ...data, [place.name]: [...(Array.isArray(written) ? written : []).filter((each) => !photos.includes(each)), ...photos] }
}

function without(data: Data, name: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([each]) => each !== name))
}

function faultsIn(draft: Draft, fields: Parameters<typeof faultsOf>[0]): Map<string, Fault> {
  const found = new Map<string, Fault>()
  if (!isDay(draft.happened_on)) found.set('happened_on', 'day')
  else if (draft.happened_on > today() && !LIES_AHEAD.has(draft.event)) found.set('happened_on', 'ahead')
  for (const [name, fault] of faultsOf(fields, draft.data)) found.set(name, fault)
  return found
}

function eventOf(draft: Draft, data: Data): NewEvent {
  const at = draft.time ? { happened_at: instantOf(draft.happened_on, draft.time) } : {}
  return { event: draft.event, happened_on: draft.happened_on, ...at, data }
}

/** A draft that says what an event said that came back. */
function fromEvent(sent: NewEvent | undefined): Partial<Draft> {
  if (!sent) return {}
  const time = sent.happened_at ? timeOfDay(Date.parse(sent.happened_at)) : ''
  return { happened_on: sent.happened_on, time, data: folded(sent.event, (sent.data ?? {}) as Data) }
}
