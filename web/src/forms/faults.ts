/** What is wrong with what was filled in: said once somebody tried to save it, and the first of it has the focus. */

import { computed, nextTick, ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Fault } from '../rules/fields.ts'

export function useFaults(page: Ref<HTMLElement | undefined>, faults: Ref<ReadonlyMap<string, Fault>>) {
  const { t } = useI18n()
  const tried = ref(false)
  const shown = computed(() => (tried.value ? faults.value : new Map<string, Fault>()))
  const wrongDay = computed(() => {
    const fault = shown.value.get('happened_on')
    return fault && t(`record.fault.${fault}`)
  })

  /** Whether nothing is wrong. */
  async function check(): Promise<boolean> {
    tried.value = true
    if (faults.value.size > 0) await nextTick(focusFirst)
    return faults.value.size === 0
  }

  function focusFirst(): void {
    const [first] = faults.value.keys()
    const field = page.value?.querySelector<HTMLElement>(`[data-field="${first}"]`)
    field?.closest('details')?.setAttribute('open', '')
    field?.querySelector<HTMLElement>('input, select, textarea')?.focus()
  }

  return { tried, shown, wrongDay, check }
}
