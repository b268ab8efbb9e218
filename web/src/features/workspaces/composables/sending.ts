import { api, unwrap } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import type { FileUpload } from '@/api/types'
import { decodePath } from './paths'

export interface Sending {
  workspaceId: string
  /** Percent-encoded. */
  path: string
  file: Blob
  overwrite: boolean
  signal: AbortSignal
  onProgress: (sent: number) => void
}

const TRIES = 5
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Send a file in parts, going on with what arrived in an earlier try. */
export async function sendFile(sending: Sending): Promise<FileUpload> {
  let upload = (await unfinished(sending)) ?? (await begin(sending))
  sending.onProgress(upload.offset)
  let failures = 0
  while (!upload.entry) {
    try {
      upload = await sendPart(sending, upload)
      failures = 0
    } catch (thrown) {
      failures += 1
      if (sending.signal.aborted || !isPassing(thrown) || failures >= TRIES) throw thrown
      await wait(2 ** failures * 250)
      upload = await show(sending, upload)
    }
    sending.onProgress(upload.offset)
  }
  return upload
}

/** What may go well the next time: no answer at all, a hub that restarts, a part that arrived after all. */
function isPassing(thrown: unknown): boolean {
  const { status, kind } = ApiProblem.from(thrown)
  return status === 0 || (status >= 502 && status !== 507) || kind === 'upload-out-of-step'
}

function begin({ workspaceId, path, file, overwrite, signal }: Sending): Promise<FileUpload> {
  return unwrap(
    api.POST('/api/v1/workspaces/{workspace_id}/uploads', {
      params: { path: { workspace_id: workspaceId } },
      body: { path, size: file.size, overwrite },
      signal,
    }),
  )
}

async function unfinished({ workspaceId, path, file, signal }: Sending): Promise<FileUpload | undefined> {
  if (file.size === 0) return undefined
  const { items } = await unwrap(
    api.GET('/api/v1/workspaces/{workspace_id}/uploads', {
      params: { path: { workspace_id: workspaceId } },
      signal,
    }),
  )
  const same = (one: FileUpload) => decodePath(one.path) === decodePath(path) && one.size === file.size
  return items.find((one) => one.offset > 0 && same(one))
}

function show({ workspaceId, signal }: Sending, upload: FileUpload): Promise<FileUpload> {
  return unwrap(
    api.GET('/api/v1/workspaces/{workspace_id}/uploads/{file_upload_id}', {
      params: { path: { workspace_id: workspaceId, file_upload_id: upload.id } },
      signal,
    }),
  )
}

async function sendPart(sending: Sending, upload: FileUpload): Promise<FileUpload> {
  const { workspaceId, file, overwrite, signal } = sending
  const part = await file.slice(upload.offset, upload.offset + upload.chunk_bytes).arrayBuffer()
  const digest = await digestOf(part)
  return await unwrap(
    api.PUT('/api/v1/workspaces/{workspace_id}/uploads/{file_upload_id}', {
      params: {
        path: { workspace_id: workspaceId, file_upload_id: upload.id },
        query: { offset: upload.offset, overwrite },
      },
      headers: { 'Content-Type': 'application/octet-stream', ...(digest && { 'Content-Digest': digest }) },
      body: part as never, // bytes, which the types of OpenAPI call a string
      bodySerializer: (body: unknown) => body as BodyInit,
      signal,
    }),
  )
}

/** The checksum of a part, as RFC 9530 writes it; none on plain http, where browsers have none. */
async function digestOf(part: ArrayBuffer): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const digest = await crypto.subtle.digest('SHA-256', part)
  return `sha-256=:${btoa(String.fromCharCode(...new Uint8Array(digest)))}:`
}
