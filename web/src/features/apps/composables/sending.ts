import { reportUnauthorized } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { Upload } from '@/api/types'
import { TooLarge } from './limits'
import type { PackingMessage } from './packing.worker'
import type { SourceFile } from './sourceFiles'

type OnProgress = (done: number, total: number) => void

/** Pack files in a worker, so that the page stays quick. */
export function packInWorker(
  files: SourceFile[],
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Blob> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./packing.worker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void) => {
      worker.terminate()
      settle()
    }
    worker.onmessage = ({ data }: MessageEvent<PackingMessage>) => {
      if (data.kind === 'progress') onProgress(data.done, total)
      else if (data.kind === 'packed') end(() => resolve(data.archive))
      else end(() => reject(data.name === 'TooLarge' ? new TooLarge(data.message) : new Error(data.message)))
    }
    worker.onerror = (event) =>
      end(() => reject(new Error(event.message || 'The folder could not be packed.')))
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true })
    worker.postMessage(files)
  })
}

/** Send an archive; `XMLHttpRequest` because `fetch` tells nothing of how far an upload is. */
export function sendArchive(
  archive: Blob,
  name: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/uploads')
    request.responseType = 'json'
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total)
    request.onload = () => {
      if (request.status === 201) resolve(request.response as Upload)
      else {
        if (request.status === 401) reportUnauthorized()
        reject(
          ApiProblem.fromBody(request.response, request.status, request.getResponseHeader('retry-after')),
        )
      }
    }
    request.onerror = () => reject(ApiProblem.from(new TypeError('network')))
    signal.addEventListener('abort', () => (request.abort(), reject(signal.reason)), { once: true })
    const form = new FormData()
    form.append('file', archive, name)
    request.send(form)
  })
}
