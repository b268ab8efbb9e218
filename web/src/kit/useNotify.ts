import { useToast } from '@nuxt/ui/composables/useToast'
import { ApiProblem } from '@/api/problem'

interface Notify {
  done: (title: string, description?: string) => void
  failed: (thrown: unknown) => ApiProblem
  /** Run something whose failure is told by a toast; true when it went well. */
  attempt: (action: () => Promise<unknown>, doneTitle?: string) => Promise<boolean>
}

export function useNotify(): Notify {
  const toast = useToast()
  const done = (title: string, description?: string) => {
    toast.add({ title, description, color: 'success', icon: 'i-lucide-check', duration: 4000 })
  }
  const failed = (thrown: unknown) => {
    const problem = ApiProblem.from(thrown)
    // The sign-in page says it all when the session is over.
    if (problem.status !== 401) toast.add({ ...problem.toast, duration: 10_000 })
    return problem
  }
  const attempt = async (action: () => Promise<unknown>, doneTitle?: string) => {
    try {
      await action()
    } catch (thrown) {
      failed(thrown)
      return false
    }
    if (doneTitle) done(doneTitle)
    return true
  }
  return { done, failed, attempt }
}
