/** One record as it is being written: its draft, what the form asks of it, what is wrong with it, and saving it. */

import { computed, nextTick, onScopeDispose, reactive, ref, shallowRef, watch, type ComputedRef } from 'vue'

import { rulesOf } from '../local/cases.ts'
import { today } from '../local/contact.ts'
import { draftOf, drafts, dropDraft, keepDraft, keeping, newDraft, type Draft } from '../local/drafts.ts'
import { prepareOffices } from '../local/offices.ts'
import { bindPhotos, photosOf } from '../local/photos.ts'
import { enqueue, queue, requestOf, type Queued } from '../local/queue.ts'
import { tellOf } from '../local/recorded.ts'
import type { Obligation } from '../rules/carried.ts'
import { wouldClose } from '../rules/closing.ts'
import { sync } from '../sync/syncing.ts'
import { askedOf, unfolded } from './asking.ts'
import { fieldsOf, initialOf, sentOf, type Data, type Field } from '../rules/fields.ts'
import { askingOf, foreseen, knownOf } from './known.ts'
import { eventOf, faultsIn, fromEvent, givenBy, without, withPhotos, type From } from './recording.ts'

export function useWriting(caseId: string, event: string, from: From) {
  const draft = reactive<Draft>(newDraft(caseId, event, today()))
  const refused = shallowRef(queued(from.refused))
  const read = useReading(draft, from, computed(() => refused.value?.id))
  const { begun, ready, touched, begin, resume, discard, keeper } = useDraft(draft, from, refused, read)

  /** Write it down for the server. False where something is wrong with it. */
  async function save(): Promise<boolean> {
    if (read.faults.value.size > 0 || !read.person.value) return false
    const others = refused.value?.request.events.slice(1) ?? []
    const request = requestOf(caseId, read.person.value.person.name, [eventOf(draft, read.data.value), ...others])
    await keeper.settle()
    if (draft.photos.length > 0) {
      await keepDraft({ ...draft }) // so that no photo is on its way before its event is written down
      await bindPhotos(draft, request)
    }
    await enqueue([request], { draft: draft.id, refused: refused.value?.id ?? draft.refused })
    await keeper.stop(false)
    tellOf([request.id])
    void sync()
    return true
  }

  return { ...read, draft, refused, begun, ready, touched, begin, resume, discard, save }
}

type Reading = ReturnType<typeof useReading>

/** What the form asks of a draft, what it says, and what that would settle. */
function useReading(draft: Draft, from: From, rewritten: ComputedRef<string | undefined>) {
  const person = computed(() => foreseen(draft.case_id, rewritten.value))
  const rules = computed(() => (person.value ? rulesOf(person.value) : {}))
  const given = computed<Data>(() => (person.value ? givenBy(person.value, rules.value, draft.event, from) : {}))
  const asking = computed(() => person.value && askingOf(person.value, draft.event, draft.happened_on, given.value))
  const fields = computed<Field[]>(() => (asking.value ? fieldsOf(asking.value.form.form) : []))
  const asked = computed(() => (asking.value ? askedOf(asking.value) : { main: [], more: [] }))
  const faults = computed(() => faultsIn(draft, [...asked.value.main, ...asked.value.more], today()))
  const said = computed(() => sentOf(fields.value, withPhotos(fields.value, unfolded(draft.data), draft.photos)))
  /** What is sent: an occurrence that it cannot settle on that day is not named, and the act is recorded all the same. */
  const data = computed(() => {
    const isNamed = fields.value.some((field) => field.of === 'occurrence' && !field.needed) && said.value.occurrence
    return isNamed && closedBy(said.value).length === 0 ? without(said.value, 'occurrence') : said.value
  })
  const closes = computed(() => closedBy(data.value))

  function closedBy(data: Data): Obligation[] {
    return person.value ? wouldClose(person.value, rules.value, { event: draft.event, on: draft.happened_on, data }) : []
  }

  return { person, given, asking, fields, asked, faults, data, closes }
}

/** A draft is kept as it grows, from when it is `ready` on. */
function useKept(draft: Draft, refused: { value: Queued | null }) {
  const ready = ref(false)
  const touched = ref(false)
  const keeper = keeping(() => keepDraft({ ...draft, refused: refused.value?.id }))
  watch(draft, () => {
    if (!ready.value) return
    touched.value = true
    keeper.changed()
  })
  onScopeDispose(() => void keeper.stop(touched.value))
  return { ready, touched, keeper }
}

/** A draft from its first key to its end: found again, gone on with, let go. */
function useDraft(draft: Draft, from: From, refused: { value: Queued | null }, read: Reading) {
  const begun = shallowRef<Draft | null>(null)
  const { ready, touched, keeper } = useKept(draft, refused)

  async function begin(): Promise<void> {
    if (read.fields.value.some((field) => field.of === 'office')) void prepareOffices()
    const unfinished = from.draft ? await draftOf(from.draft) : null
    if (unfinished) takeUp(unfinished)
    else if (refused.value) Object.assign(draft, fromEvent(refused.value.request.events[0], await photosOf(refused.value.id)))
    else begun.value = (await drafts(draft.case_id)).find((one) => one.event === draft.event && !one.refused) ?? null
    const known = read.person.value ? { ...knownOf(read.person.value, draft.event), ...read.given.value } : {}
    draft.data = { ...initialOf([...read.asked.value.main, ...read.asked.value.more], known), ...known, ...draft.data }
    touched.value = unfinished !== null
    await nextTick() // what was just filled in is nobody's change
    ready.value = true
  }

  function takeUp(unfinished: Draft): void {
    Object.assign(draft, unfinished)
    refused.value = queued(unfinished.refused) ?? refused.value
  }

  /** Go on with what was begun; what was written into the fresh one instead of it goes. */
  async function resume(): Promise<void> {
    const fresh = draft.id
    if (begun.value) takeUp(begun.value)
    begun.value = null
    touched.value = true
    await keeper.settle()
    await dropDraft(fresh)
  }

  async function discard(): Promise<void> {
    if (begun.value) await dropDraft(begun.value.id)
    begun.value = null
  }

  return { begun, ready, touched, begin, resume, discard, keeper }
}

function queued(id: string | undefined): Queued | null {
  return queue.value.find((one) => one.id === id) ?? null
}
