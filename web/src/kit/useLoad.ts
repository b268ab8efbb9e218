import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef, WatchSource } from 'vue'
import { ApiProblem } from '@/api/problem'

interface LoadOptions<T> {
  load: (signal: AbortSignal) => Promise<T>
  /** Load again, forgetting what was there, when this changes. */
  on?: WatchSource | WatchSource[]
}

interface Load<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<ApiProblem | undefined>
  loading: Ref<boolean>
  /** Load once more, keeping what is shown until the answer, this one's or a newer request's, is there. */
  reload: () => Promise<void>
}

/** Load something for a view; answers that a newer request has overtaken are dropped. */
export function useLoad<T>(options: LoadOptions<T>): Load<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<ApiProblem>()
  const loading = ref(false)
  let current: AbortController | undefined
  let running: Promise<void> | undefined

  function reload(): Promise<void> {
    current?.abort()
    const mine = (current = new AbortController())
    return (running = read(mine))
  }

  async function read(mine: AbortController): Promise<void> {
    loading.value = true
    try {
      const answer = await options.load(mine.signal)
      if (mine !== current) return await overtaking()
      data.value = answer
      problem.value = undefined
    } catch (thrown) {
      if (mine !== current) return await overtaking()
      problem.value = ApiProblem.from(thrown)
    } finally {
      if (mine === current) loading.value = false
    }
  }

  const overtaking = () => (current ? running : undefined)

  if (options.on) {
    watch(options.on, () => {
      data.value = undefined
      void reload()
    })
  }
  onScopeDispose(() => {
    current?.abort()
    current = undefined
  })
  void reload()
  return { data, problem, loading, reload }
}
