import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { MAX_ARCHIVE_BYTES, TooLarge, tooLargeMessage } from './limits'
import type { SourceFile } from './sourceFiles'

const INCOMPRESSIBLE =
  /\.(?:png|jpe?g|gif|webp|avif|mp[34]|webm|ogg|zip|gz|bz2|xz|zst|7z|parquet|feather|whl|woff2?)$/i
const EARLIEST_ZIP_DATE = Date.UTC(1980, 0, 2)
const LATEST_ZIP_DATE = Date.UTC(2099, 0, 1)

/** Pack files into a zip, streaming: never more than a piece of a file is in memory beside the result. */
export async function packFiles(files: SourceFile[], onProgress: (doneBytes: number) => void): Promise<Blob> {
  const parts: Blob[] = []
  let size = 0
  let failure: Error | null = null
  const zip = new Zip((error, chunk) => {
    failure ??= error
    size += chunk?.length ?? 0
    // A Blob may live on disk, an array of chunks cannot.
    if (chunk) parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]))
  })
  let done = 0
  for (const { path, file } of files) {
    const entry = INCOMPRESSIBLE.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 })
    entry.mtime = Math.min(Math.max(file.lastModified, EARLIEST_ZIP_DATE), LATEST_ZIP_DATE)
    zip.add(entry)
    for await (const piece of file.stream() as unknown as AsyncIterable<Uint8Array>) {
      entry.push(piece)
      done += piece.length
      onProgress(done)
      if (size > MAX_ARCHIVE_BYTES) throw new TooLarge(tooLargeMessage())
    }
    entry.push(new Uint8Array(0), true)
    if (failure) throw failure as Error
  }
  zip.end()
  if (failure) throw failure as Error
  if (size > MAX_ARCHIVE_BYTES) throw new TooLarge(tooLargeMessage())
  return new Blob(parts, { type: 'application/zip' })
}
