/** One thing written down for many people: what is the same, what is different, and saving it as one request each. */

import { computed, nextTick, onScopeDispose, reactive, ref, watch } from 'vue'

import { batchKept, dropBatch, keepBatch, type Batch } from '../local/batch.ts'
import { forms, people, rulesOf } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { keeping } from '../local/drafts.ts'
import { enqueue, requestOf, type NewEvent } from '../local/queue.ts'
import { tellOf } from '../local/recorded.ts'
import { candidatesFor, fieldsForMany, formsForMany } from '../rules/batching.ts'
import type { Carried } from '../rules/carried.ts'
import { wouldClose } from '../rules/closing.ts'
import { sync } from '../sync/syncing.ts'
import { withNeeds } from './asking.ts'
import { faultsOf, fieldsOf, initialOf, instantOf, isDay, sentOf, type Data, type Fault } from './fields.ts'
import { foreseen, knownOf, needs } from './known.ts'
import { LIES_AHEAD } from './writing.ts'

function fresh(): Batch {
  return { event: '', on: today(), time: '', data: {}, ticked: [], own: {} }
}

export function useMany() {
  const batch = reactive<Batch>(fresh())
  const ready = ref(false)
  const isResumed = ref(false)
  const keeper = keeping(() => keepBatch({ ...batch }))

  const types = computed(() => formsForMany(forms.value.values(), (form) => fieldsOf(form.form)))
  const form = computed(() => forms.value.get(batch.event) ?? null)
  const all = computed(() => (form.value ? fieldsOf(form.value.form) : []))
  const fields = computed(() => fieldsForMany(all.value).map((field) => withNeeds(field, needs())))
  const known = computed(() => [...people.keys()].flatMap((id) => foreseen(id) ?? []))
  const candidates = computed(() => candidatesFor(known.value, { event: batch.event, on: batch.on, rulesOf, knownOf: (one) => knownOf(one, batch.event) }))
  const possible = computed(() => new Map([...candidates.value.owed, ...candidates.value.others].map((one) => [one.person.id, one])))
  /** Who is ticked, and can be recorded for. */
  const chosen = computed(() => batch.ticked.flatMap((id) => possible.value.get(id)?.person ?? []))
  const dayFault = computed<Fault | null>(() => {
    if (!isDay(batch.on)) return 'day'
    return batch.on > today() && !LIES_AHEAD.has(batch.event) ? 'ahead' : null
  })
  /** What is wrong with what is the same for all, unless each says it for themselves. */
  const faults = computed(() => {
    const found = faultsOf(fields.value, batch.data)
    const isSaidByAll = (name: string) => chosen.value.length > 0 && chosen.value.every((one) => batch.own[one.id]?.[name] != null)
    return new Map([...found].filter(([name]) => !isSaidByAll(name)))
  })

  function dataOf(person: Carried): Data {
    const own = { ...knownOf(person, batch.event), ...batch.data, ...batch.own[person.id] }
    return sentOf(all.value, own)
  }

  function settledFor(person: Carried) {
    return wouldClose(person, rulesOf(person), { event: batch.event, on: batch.on, data: dataOf(person) })
  }

  async function begin(): Promise<void> {
    const kept = await batchKept()
    if (kept) Object.assign(batch, kept)
    isResumed.value = kept !== null
    await nextTick()
    ready.value = true
  }

  async function startAnew(): Promise<void> {
    ready.value = false
    Object.assign(batch, fresh())
    await dropBatch()
    await nextTick()
    isResumed.value = false
    ready.value = true
  }

  function turnTo(event: string): void {
    const chosenForm = forms.value.get(event)
    if (!chosenForm) return
    const kept = batch.event === event ? batch.data : {}
    Object.assign(batch, { event, data: initialOf(fieldsForMany(fieldsOf(chosenForm.form)), kept), own: {} })
  }

  watch(batch, () => ready.value && keeper.changed())
  onScopeDispose(() => void keeper.stop(true))

  /** One request for each person, all of them written down or none. */
  async function save(): Promise<void> {
    const at = batch.time ? { happened_at: instantOf(batch.on, batch.time) } : {}
    const requests = chosen.value.map((person) => {
      const event: NewEvent = { event: batch.event, happened_on: batch.on, ...at, data: dataOf(person) }
      return requestOf(person.id, person.person.name, [event])
    })
    ready.value = false
    await keeper.stop(false)
    await enqueue(requests)
    await dropBatch()
    tellOf(requests.map((one) => one.id))
    void sync()
  }

  return { batch, types, form, fields, candidates, chosen, faults, dayFault, ready, isResumed, dataOf, settledFor, begin, startAnew, turnTo, save }
}
