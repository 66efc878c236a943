/** What a tap does that settles a task: "I know" (知悉) is said by the tap itself, all else has a form. */

import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'

import { acknowledge, assignmentIn } from '../sync/assignments.ts'
import { formFor } from '../local/way_to_record.ts'
import type { Task } from '../rules/today.ts'

export function useSettling() {
  const { t } = useI18n()
  const router = useRouter()

  /** What its button says, where that is not "record". */
  function act(task: Task): string | undefined {
    return assignmentIn(task) ? t('notices.know') : undefined
  }

  async function settle(task: Task): Promise<void> {
    const assignment = assignmentIn(task)
    if (assignment) await acknowledge([assignment])
    else await router.push(formFor(task))
  }

  return { act, settle }
}
