import { computed, onScopeDispose, ref, shallowReactive } from 'vue'
import { ApiProblem } from '@/api/problem'
import type { LocalFile } from './dropped'
import { encodePath, join } from './paths'
import { sendFile } from './sending'

type State = 'waiting' | 'sending' | 'done' | 'failed' | 'there' | 'cancelled'

export interface UploadItem {
  id: number
  name: string
  path: string
  file: File
  sent: number
  state: State
  reason: string
}

interface UploadsOptions {
  workspaceId: () => string
  /** Called when a file has arrived. */
  onArrived: () => void
}

/** Files on their way to a workspace, one after the other; those that are there already wait to be told what to do. */
export function useUploads(options: UploadsOptions) {
  const items = ref<UploadItem[]>([])
  const controllers = new Map<number, AbortController>()
  let next = 1
  let running = false

  function add(folder: string, files: LocalFile[]): void {
    const workspace = files.map(({ path, file }) => ({
      id: next++,
      name: path,
      path: join(folder, encodePath(path)),
      file,
      sent: 0,
      state: 'waiting' as State,
      reason: '',
    }))
    items.value.push(...workspace.map((item) => shallowReactive(item)))
    void run()
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    let item: UploadItem | undefined
    while ((item = items.value.find(({ state }) => state === 'waiting'))) await send(item, false)
    running = false
  }

  async function send(item: UploadItem, overwrite: boolean): Promise<void> {
    const controller = new AbortController()
    controllers.set(item.id, controller)
    item.state = 'sending'
    try {
      await sendFile({
        workspaceId: options.workspaceId(),
        path: item.path,
        file: item.file,
        overwrite,
        signal: controller.signal,
        onProgress: (sent) => (item.sent = sent),
      })
      item.state = 'done'
      options.onArrived()
    } catch (thrown) {
      const problem = ApiProblem.from(thrown)
      item.reason = problem.detail
      if (controller.signal.aborted) item.state = 'cancelled'
      else item.state = problem.kind === 'file-there-already' ? 'there' : 'failed'
    } finally {
      controllers.delete(item.id)
    }
  }

  const replace = (item: UploadItem) => send(item, true)
  function retry(item: UploadItem): void {
    item.state = 'waiting'
    void run()
  }
  function cancel(item: UploadItem): void {
    if (item.state === 'waiting') item.state = 'cancelled'
    controllers.get(item.id)?.abort()
  }
  const clear = () =>
    (items.value = items.value.filter(({ state }) => state === 'waiting' || state === 'sending'))

  onScopeDispose(() => {
    for (const item of items.value) if (item.state === 'waiting') item.state = 'cancelled'
    for (const controller of controllers.values()) controller.abort()
  })
  const isBusy = computed(() => items.value.some(({ state }) => state === 'waiting' || state === 'sending'))
  return { items, isBusy, add, replace, retry, cancel, clear }
}
