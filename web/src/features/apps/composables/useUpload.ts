import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { Deployment, Manifest, Upload } from '@/api/types'
import { MAX_ARCHIVE_BYTES, MAX_FILES, TooLarge, tooLargeMessage, tooManyMessage } from './limits'
import type { Source } from './sourceFiles'
import { useApps } from './useApps'

export type UploadStep = 'pick' | 'reading' | 'packing' | 'sending' | 'review' | 'deploying'

/** The one upload that may be under way: the dialog shows it; the shell, the palette and empty states open it. */
export const useUpload = defineStore('upload', () => {
  const apps = useApps()
  const isOpen = ref(false)
  const step = ref<UploadStep>('pick')
  const sourceName = ref('')
  const ignored = ref(0)
  const progress = ref({ done: 0, total: 0 })
  const problem = shallowRef<ApiProblem>()
  const upload = shallowRef<Upload>()
  const deployment = shallowRef<Deployment>()
  let current: AbortController | undefined

  function open(): void {
    if (step.value === 'deploying') reset()
    isOpen.value = true
  }

  function close(): void {
    isOpen.value = false
    if (['reading', 'packing', 'sending', 'deploying'].includes(step.value)) reset()
  }

  /** Back to the first step; what was under way is stopped. */
  function reset(): void {
    current?.abort(new DOMException('Stopped', 'AbortError'))
    current = undefined
    step.value = 'pick'
    problem.value = undefined
    upload.value = undefined
    deployment.value = undefined
  }

  function drop(transfer: DataTransfer): Promise<void> {
    // Now, not after an await: the browser forgets what was dropped when the event is over.
    const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
    const files = [...transfer.files]
    return take(async () => (await import('./sourceFiles')).fromEntries(entries, files))
  }

  function choose(files: FileList): Promise<void> {
    const chosen = [...files]
    return take(async () => (await import('./sourceFiles')).fromFiles(chosen))
  }

  async function take(read: () => Promise<Source>): Promise<void> {
    reset()
    isOpen.value = true
    step.value = 'reading'
    const { signal } = (current = new AbortController())
    try {
      const source = await read()
      const archive = await toArchive(source, signal)
      signal.throwIfAborted()
      step.value = 'sending'
      progress.value = { done: 0, total: archive.size }
      const { sendArchive } = await import('./sending')
      const name = source.name.replace(/(\.zip)?$/i, '.zip')
      const received = await sendArchive(archive, name, onProgress, signal)
      upload.value = received
      step.value = 'review'
    } catch (thrown) {
      if (signal.aborted) return
      problem.value = toProblem(thrown)
      step.value = 'pick'
    }
  }

  async function toArchive(source: Source, signal: AbortSignal): Promise<Blob> {
    sourceName.value = source.name
    ignored.value = 'files' in source ? source.ignored : 0
    if ('archive' in source) {
      if (source.archive.size > MAX_ARCHIVE_BYTES) throw new TooLarge(tooLargeMessage())
      return source.archive
    }
    if (source.files.length > MAX_FILES) throw new TooLarge(tooManyMessage(source.files.length))
    step.value = 'packing'
    progress.value = { done: 0, total: source.files.reduce((sum, { file }) => sum + file.size, 0) }
    const { packInWorker } = await import('./sending')
    return packInWorker(source.files, onProgress, signal)
  }

  function onProgress(done: number, total: number): void {
    progress.value = { done, total }
  }

  /** Deploy what was received. Raises: `ApiProblem`, whose errors point into the manifest. */
  async function deploy(manifest: Manifest | undefined): Promise<void> {
    if (!upload.value) return
    deployment.value = await unwrap(
      api.POST('/api/v1/uploads/{upload_id}/deploy', {
        params: { path: { upload_id: upload.value.id } },
        body: { message: '', ...(manifest && { manifest }) },
      }),
    )
    apps.deployments.set(deployment.value.id, deployment.value)
    step.value = 'deploying'
  }

  return {
    isOpen,
    step,
    sourceName,
    ignored,
    progress,
    problem,
    upload,
    deployment,
    open,
    close,
    reset,
    drop,
    choose,
    deploy,
  }
})

function toProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof TooLarge)
    return new ApiProblem({ type: '/problems/too-large', title: 'Too large', detail: thrown.message }, 413)
  if (thrown instanceof Error && thrown.name === 'NothingToUpload')
    return new ApiProblem({ title: 'Nothing to upload', detail: thrown.message }, 422)
  if (thrown instanceof DOMException) {
    const detail =
      'A file could not be read. It may have been moved or changed meanwhile: choose the folder again.'
    return new ApiProblem({ title: 'Could not be read', detail }, 422)
  }
  return ApiProblem.from(thrown)
}
