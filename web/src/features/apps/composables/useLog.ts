import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'
import type { LogLine } from '@/api/types'
import { useStream } from '@/kit/useStream'
import { LogBuffer } from './logBuffer'

interface UseLogOptions {
  /** Log endpoint without its query; null: none for now. */
  path: Ref<string | null>
  /** How many of the last lines to begin with, for logs that may be long. */
  tail?: number
}

/** Follow a log; lines come in batches, one a frame, so that ten thousand lines do not freeze the page. */
export function useLog(options: UseLogOptions) {
  const buffer = new LogBuffer()
  const size = ref(0)
  const url = ref<string | null>(null)
  let pending: LogLine[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    buffer.append(pending)
    pending = []
    size.value = buffer.size
  }

  watch(
    options.path,
    (path) => {
      clearTimeout(timer)
      timer = undefined
      pending = []
      buffer.clear()
      size.value = 0
      const tail = options.tail ? `&tail=${options.tail}` : ''
      url.value = path && `${path}?follow=true${tail}`
    },
    { immediate: true },
  )

  const { state, problem, resume } = useStream({
    url,
    endEvent: 'end',
    onEvent: (event) => {
      if (event.event !== 'line') return
      pending.push(JSON.parse(event.data) as LogLine)
      timer ??= setTimeout(flush, 40)
    },
  })
  onScopeDispose(() => clearTimeout(timer))

  return { buffer, size, state, problem, resume }
}
