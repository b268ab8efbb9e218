import { IGNORE_FILE, IgnorePatterns, isJunk } from './ignoring'

/** A file of a source, with its path below the source's root. */
export interface SourceFile {
  path: string
  file: File
}

/** What was dropped or chosen: an archive as it is, or files to pack. */
export type Source = { name: string; archive: File } | { name: string; files: SourceFile[]; ignored: number }

const isArchive = (file: File) => /\.zip$/i.test(file.name) || file.type === 'application/zip'

/** Read what was dropped: one zip, one folder, or several files and folders. */
export async function fromEntries(entries: FileSystemEntry[], files: File[]): Promise<Source> {
  const [only] = entries
  if (entries.length <= 1 && !only?.isDirectory) return fromFiles(files)
  const found: SourceFile[] = []
  // One folder is the source's root; several things beside each other are its content.
  const isRoot = entries.length === 1
  for (const entry of entries) await collect(entry, isRoot ? null : '', found)
  return tidy(isRoot && only ? only.name : 'files', found)
}

async function collect(entry: FileSystemEntry, parent: string | null, found: SourceFile[]): Promise<void> {
  const path = parent === null ? '' : parent + entry.name
  if (path && isJunk(path)) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    found.push({ path, file })
    return
  }
  for (const child of await readFolder(entry as FileSystemDirectoryEntry)) {
    await collect(child, path ? `${path}/` : '', found)
  }
}

/** `readEntries` gives a hundred at a time, until it gives none. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return all
    all.push(...batch)
  }
}

/** Read what was chosen in a file dialog, for files or (`webkitdirectory`) for a folder. */
export async function fromFiles(files: File[]): Promise<Source> {
  const [only] = files
  if (!only) throw new NothingToUpload('Nothing was chosen.')
  if (files.length === 1 && !only.webkitRelativePath) {
    if (isArchive(only)) return { name: only.name, archive: only }
    if (/\.(tgz|tar|gz|bz2|xz|7z|rar)$/i.test(only.name)) {
      throw new NothingToUpload(
        `“${only.name}” is an archive of a kind Hothouse does not read. Pack a .zip, or drop the folder itself.`,
      )
    }
  }
  const root = only.webkitRelativePath.split('/')[0]
  const found = files.map((file) => ({
    path: file.webkitRelativePath ? file.webkitRelativePath.split('/').slice(1).join('/') : file.name,
    file,
  }))
  return tidy(root || (files.length === 1 ? only.name.replace(/\.\w+$/, '') : 'files'), found)
}

/** Leave out what does not belong to the source: tools' leavings, environments, what `.hothouseignore` names. */
async function tidy(name: string, files: SourceFile[]): Promise<Source> {
  const environments = files
    .filter(({ path }) => path.endsWith('/pyvenv.cfg'))
    .map(({ path }) => path.slice(0, -'pyvenv.cfg'.length))
  const ignoreFile = files.find(({ path }) => path === IGNORE_FILE)
  const patterns = new IgnorePatterns(ignoreFile ? await ignoreFile.file.text() : '')
  const kept = files.filter(
    ({ path }) =>
      !isJunk(path) && !environments.some((folder) => path.startsWith(folder)) && !patterns.ignoresFile(path),
  )
  if (kept.length === 0) throw new NothingToUpload(`“${name}” holds no files that belong to a project.`)
  return { name, files: kept, ignored: files.length - kept.length }
}

/** What was given cannot become an app; the message says why. */
export class NothingToUpload extends Error {
  override name = 'NothingToUpload'
}
