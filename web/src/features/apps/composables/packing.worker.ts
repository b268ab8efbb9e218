import { packFiles } from './packing'
import type { SourceFile } from './sourceFiles'

export type PackingMessage =
  | { kind: 'progress'; done: number }
  | { kind: 'packed'; archive: Blob }
  | { kind: 'failed'; name: string; message: string }

const say = (message: PackingMessage) => self.postMessage(message)
const PROGRESS_EVERY_MS = 60

self.onmessage = async (event: MessageEvent<SourceFile[]>) => {
  let last = 0
  try {
    const archive = await packFiles(event.data, (done) => {
      if (performance.now() - last < PROGRESS_EVERY_MS) return
      last = performance.now()
      say({ kind: 'progress', done })
    })
    say({ kind: 'packed', archive })
  } catch (thrown) {
    const { name, message } = thrown as Error
    say({ kind: 'failed', name, message })
  }
}
