/** A draft in words: about whom, what, of which day. */

import { people } from '../local/cases.ts'
import type { Draft } from '../local/drafts.ts'
import { dayIn } from './dates.ts'
import { eventIn } from './values.ts'
import { i18n } from './i18n.ts'

/** Whom it is about. */
export function nameIn(draft: Draft): string {
  return people.get(draft.case_id)?.person.name ?? i18n.global.t('queue.noName')
}

/** What is said before it goes for good. */
export function lossOf(draft: Draft): { title: string; what: string } {
  const { t } = i18n.global
  return { title: t('queue.draftTitle'), what: t('queue.draftWhat', { name: nameIn(draft), what: eventIn(draft.event), day: dayIn(draft.happened_on) }) }
}
