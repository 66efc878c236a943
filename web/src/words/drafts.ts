/** A draft in words: about whom, what, of which day. */

import { forms, people } from '../local/cases.ts'
import type { Draft } from '../local/drafts.ts'
import { dayIn } from './dates.ts'
import { i18n, said } from './words.ts'

/** Whom it is about. */
export function nameIn(draft: Draft): string {
  return people.get(draft.case_id)?.person.name ?? i18n.global.t('queue.noName')
}

/** What it records. */
export function kindIn(draft: Draft): string {
  return said(forms.value.get(draft.event)?.label, draft.event)
}

/** What is said before it goes for good. */
export function lossOf(draft: Draft): { title: string; what: string } {
  const { t } = i18n.global
  return { title: t('queue.draftTitle'), what: t('queue.draftWhat', { name: nameIn(draft), what: kindIn(draft), day: dayIn(draft.happened_on) }) }
}
