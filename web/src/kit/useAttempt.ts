import { ref, shallowRef } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import { ApiProblem } from '@/api/problem'

interface Attempt {
  /** Why the last attempt failed; gone as soon as there is another. */
  problem: ShallowRef<ApiProblem | undefined>
  isBusy: Ref<boolean>
  /** Run something whose failure is told where it was asked for; true when it went well. */
  attempt: (action: () => Promise<unknown>) => Promise<boolean>
}

/** What a form needs to send itself. */
export function useAttempt(): Attempt {
  const problem = shallowRef<ApiProblem>()
  const isBusy = ref(false)

  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true
    problem.value = undefined
    try {
      await action()
      return true
    } catch (thrown) {
      problem.value = ApiProblem.from(thrown)
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { problem, isBusy, attempt }
}
