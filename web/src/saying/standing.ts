/** How a task stands, in words: how many days are left or have passed, or from when it can be done. */

import type { Task } from '../rules/today.ts'
import { shortIn } from './dates.ts'
import { i18n } from './i18n.ts'

export function standingIn({ urgency, left, owed }: Task): string {
  const { t } = i18n.global
  if (urgency === 'overdue') return t('today.late', { days: -left }, -left)
  if (urgency === 'today') return t('today.dueToday')
  return urgency === 'open' ? t('today.dueIn', { days: left }, left) : t('today.from', { from: shortIn(owed.opens_on) })
}
