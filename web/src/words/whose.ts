/** Whose task something is, in words. */

import { handles, labelOf, nameOf } from '../local/cases.ts'
import { helperOf, type Task } from '../rules/today.ts'
import { i18n, said } from './words.ts'

/** Nothing for one's own; else whom one stands in for, or whose it is. */
export function whose({ person, owed }: Task): string {
  const { t } = i18n.global
  const helper = helperOf(person, owed)
  if (helper === handles.value[0]) return ''
  const role = said(labelOf('roles', owed.owner), owed.owner)
  if (helper === null) return t('today.ofRole', { role })
  return t(handles.value.includes(helper) ? 'today.insteadOf' : 'today.ofHelper', { role, name: nameOf(helper) })
}
