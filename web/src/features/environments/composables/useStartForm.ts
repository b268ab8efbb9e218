import { ref, shallowRef } from 'vue'
import type { Ref } from 'vue'
import { ApiProblem } from '@/api/problem'
import type { Environment, EnvironmentSpec, Template } from '@/api/types'
import { bodyOf, check, errorsOf, isFine } from './startDraft'
import type { DraftErrors, StartDraft } from './startDraft'
import { useEnvironments } from './useEnvironments'

interface StartFormOptions {
  draft: Ref<StartDraft>
  template: Template
  /** What another environment is, to start one like it. */
  like?: EnvironmentSpec
}

/** The dialog "Start with…": what is to be started, and what is wrong with it. */
export function useStartForm(options: StartFormOptions) {
  const environments = useEnvironments()
  const { draft } = options
  const errors = shallowRef<DraftErrors>({ env: {}, files: {}, other: [] })
  const isBusy = ref(false)

  /** Start it; undefined when something is wrong, which then is said at its field. */
  async function submit(): Promise<Environment | undefined> {
    errors.value = check(draft.value)
    if (!isFine(errors.value)) return undefined
    isBusy.value = true
    try {
      return await environments.start(bodyOf(draft.value, options.template, options.like))
    } catch (thrown) {
      const problem = ApiProblem.from(thrown)
      const isName = problem.kind === 'environment-name-taken'
      const isSpace = problem.kind === 'workspace-name-taken'
      errors.value = problem.errors.length
        ? errorsOf(problem.errors, draft.value)
        : {
            env: {},
            files: {},
            other: isName || isSpace ? [] : [problem.message],
            ...(isName && { name: problem.detail }),
            ...(isSpace && { workspace: problem.detail }),
          }
      return undefined
    } finally {
      isBusy.value = false
    }
  }

  return { errors, isBusy, submit }
}
