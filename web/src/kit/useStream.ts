import { useDocumentVisibility } from '@vueuse/core'
import { onScopeDispose, readonly, ref, shallowRef, watch } from 'vue'
import type { DeepReadonly, Ref, ShallowRef } from 'vue'
import type { ApiProblem } from '@/api/problem'
import { followStream } from '@/api/sse'
import type { ServerEvent, StreamState } from '@/api/sse'

interface UseStreamOptions {
  /** Null: not now. */
  url: Ref<string | null>
  onEvent: (event: ServerEvent) => void
  onState?: (state: StreamState) => void
  endEvent?: string
  hiddenGraceMs?: number
}

interface Stream {
  state: DeepReadonly<Ref<StreamState>>
  problem: ShallowRef<ApiProblem | undefined>
  /** Connect again now, going on where the stream was left. */
  resume: () => void
}

/**
 * Follow a server-sent stream while the page is looked at.
 *
 * A browser allows six connections to one origin over HTTP/1.1, for all its tabs together: a tab that nobody
 * looks at gives its own back after a while and catches up when it is shown again.
 */
export function useStream(options: UseStreamOptions): Stream {
  const state = ref<StreamState>('connecting')
  const problem = shallowRef<ApiProblem>()
  const visibility = useDocumentVisibility()
  let abort: AbortController | undefined
  let lastId = ''
  let hideTimer: ReturnType<typeof setTimeout> | undefined

  function stop(): void {
    abort?.abort()
    abort = undefined
  }

  function start(): void {
    stop()
    const url = options.url.value
    if (!url) return
    const mine = (abort = new AbortController())
    void followStream({
      url,
      endEvent: options.endEvent,
      signal: mine.signal,
      lastEventId: lastId,
      onEvent: (event) => {
        if (mine.signal.aborted) return
        lastId = event.id
        options.onEvent(event)
      },
      onState: (next, refused) => {
        if (mine.signal.aborted) return
        state.value = next
        problem.value = refused
        options.onState?.(next)
      },
    })
  }

  watch(
    options.url,
    () => {
      lastId = ''
      start()
    },
    { immediate: true },
  )
  watch(visibility, (now) => {
    clearTimeout(hideTimer)
    if (now === 'hidden') hideTimer = setTimeout(stop, options.hiddenGraceMs ?? 30_000)
    else if (!abort && state.value !== 'ended') start()
  })
  onScopeDispose(() => {
    clearTimeout(hideTimer)
    stop()
  })
  return { state: readonly(state), problem, resume: start }
}
