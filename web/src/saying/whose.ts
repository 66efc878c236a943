/** Whose task something is, in words. */

import { handles, labelOf } from '../local/cases.ts'
import { chairOf, isTheirs, type Task } from '../rules/today.ts'
import { helperIn } from './values.ts'
import { i18n, said } from './i18n.ts'

/** Nothing for one's own; else whom one stands in for, or whose it is. */
export function whose({ person, owed }: Task): string {
  const { t } = i18n.global
  const chair = chairOf(person, owed.owner)
  if (!chair) return t('today.ofRole', { role: said(labelOf('roles', owed.owner), owed.owner) })
  if (isTheirs(chair, handles.value.slice(0, 1))) return ''
  return t(isTheirs(chair, handles.value) ? 'today.insteadOf' : 'today.ofHelper', { name: helperIn(chair.helper) })
}
