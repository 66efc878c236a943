/** One thing written down for many people: what is the same, what is different, and saving it as one request each. */

import { computed, nextTick, onScopeDispose, reactive, ref, watch } from 'vue'
import { v7 as uuid7 } from 'uuid'

import { batchKept, dropBatch, keepBatch, type Batch } from '../local/batch.ts'
import { forms, people, rulesOf } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { keeping } from '../local/drafts.ts'
import { enqueue, requestOf } from '../local/queue.ts'
import { tellOf } from '../local/recorded.ts'
import { candidatesFor, fieldsForMany, formsForMany } from '../rules/batching.ts'
import type { Carried } from '../rules/carried.ts'
import { wouldClose } from '../rules/closing.ts'
import { sync } from '../sync/syncing.ts'
import { withNeeds } from './asking.ts'
import { fieldsOf, initialOf, sentOf, type Data } from '../rules/fields.ts'
import { foreseen, knownOf, needs } from './known.ts'
import { eventOf, faultsIn } from './recording.ts'

function fresh(): Batch {
  return { id: uuid7(), event: '', on: today(), time: '', data: {}, ticked: [], own: {} }
}

export function useMany() {
  const batch = reactive<Batch>(fresh())
  const read = useReading(batch)
  const { ready, isResumed, begin, startAnew, turnTo, keeper } = useKept(batch)

  /** One request for each person, all of them written down or none. */
  async function save(): Promise<void> {
    const requests = read.chosen.value.map((person) => {
      const draft = { event: batch.event, happened_on: batch.on, time: batch.time }
      return requestOf(person.id, person.person.name, [eventOf(draft, read.dataOf(person))])
    })
    await keeper.settle()
    await enqueue(requests, { batch: batch.id })
    await keeper.stop(false)
    tellOf(requests.map((one) => one.id))
    void sync()
  }

  return { ...read, batch, ready, isResumed, begin, startAnew, turnTo, save }
}

/** What can be written down for whom, what it says of each, and what is wrong with it. */
function useReading(batch: Batch) {
  const types = computed(() => formsForMany(forms.value.values(), (form) => fieldsOf(form.form)))
  const form = computed(() => forms.value.get(batch.event) ?? null)
  const all = computed(() => (form.value ? fieldsOf(form.value.form) : []))
  const fields = computed(() => fieldsForMany(all.value).map((field) => withNeeds(field, needs())))
  const everybody = computed(() => [...people.keys()].flatMap((id) => foreseen(id) ?? []))
  const meant = computed(() => ({ event: batch.event, on: batch.on, rulesOf, knownOf: (one: Carried) => knownOf(one, batch.event) }))
  const candidates = computed(() => candidatesFor(everybody.value, meant.value))
  const possible = computed(() => new Map([...candidates.value.owed, ...candidates.value.others].map((one) => [one.person.id, one])))
  /** Who is ticked, and can be recorded for. */
  const chosen = computed(() => batch.ticked.flatMap((id) => possible.value.get(id)?.person ?? []))
  /** What is wrong with what is the same for all, unless each says it for themselves. */
  const faults = computed(() => {
    const found = faultsIn({ event: batch.event, happened_on: batch.on, data: batch.data }, fields.value, today())
    const isSaidByAll = (name: string) => chosen.value.length > 0 && chosen.value.every((one) => batch.own[one.id]?.[name] != null)
    return new Map([...found].filter(([name]) => !isSaidByAll(name)))
  })

  function dataOf(person: Carried): Data {
    return sentOf(all.value, { ...knownOf(person, batch.event), ...batch.data, ...batch.own[person.id] })
  }

  function settledFor(person: Carried) {
    return wouldClose(person, rulesOf(person), { event: batch.event, on: batch.on, data: dataOf(person) })
  }

  return { types, form, fields, candidates, chosen, faults, dataOf, settledFor }
}

/** A batch is kept as it grows, and found again. */
function useKept(batch: Batch) {
  const ready = ref(false)
  const isResumed = ref(false)
  const keeper = keeping(() => keepBatch({ ...batch }))
  watch(batch, () => ready.value && keeper.changed())
  onScopeDispose(() => void keeper.stop(true))

  async function begin(): Promise<void> {
    const kept = await batchKept()
    if (kept) Object.assign(batch, kept)
    isResumed.value = Boolean(kept?.event)
    await nextTick()
    ready.value = true
  }

  async function startAnew(): Promise<void> {
    ready.value = false
    Object.assign(batch, fresh())
    await keeper.settle()
    await dropBatch()
    await begin()
  }

  /** Another type of record: what was said of the one before is not said of this one. */
  function turnTo(event: string): void {
    const form = forms.value.get(event)
    if (form) Object.assign(batch, { event, data: initialOf(fieldsForMany(fieldsOf(form.form))), own: {} })
  }

  return { ready, isResumed, begin, startAnew, turnTo, keeper }
}
