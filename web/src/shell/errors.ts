import { useToast } from '@nuxt/ui/composables/useToast'
import type { App } from 'vue'
import { ApiProblem } from '@/api/problem'

let tell: (thrown: unknown) => void = (thrown) => console.error(thrown)

/** Tell of errors that nothing caught, instead of leaving a page that silently does nothing. */
export function reportPageErrors(app: App): void {
  tell = (thrown) => {
    const problem = ApiProblem.from(thrown)
    if (problem.status === 401) return
    if (!(thrown instanceof ApiProblem)) console.error(thrown)
    app.runWithContext(() => useToast().add({ ...problem.toast, duration: 10_000 }))
  }
  app.config.errorHandler = (error) => tell(error)
  window.addEventListener('unhandledrejection', (event) => tell(event.reason))
}

/** For work started outside a component, such as by the command palette. */
export async function reportFailure(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (thrown) {
    tell(thrown)
  }
}
