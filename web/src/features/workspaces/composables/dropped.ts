/** A file on somebody's machine, and its path below what was dropped or chosen. */
export interface LocalFile {
  path: string
  file: File
}

/** Read dropped files and folders, whatever is in them. */
export async function fromDrop(transfer: DataTransfer): Promise<LocalFile[]> {
  const items = [...transfer.items]
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const loose = entries.length === 0 ? [...transfer.files] : []
  const found: LocalFile[] = fromChoice(loose)
  for (const entry of entries) await collect(entry, '', found)
  return found
}

/** Read what was chosen in a file dialog, for files or (`webkitdirectory`) for a folder. */
export function fromChoice(files: Iterable<File>): LocalFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

async function collect(entry: FileSystemEntry, parent: string, found: LocalFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    )
    found.push({ path: parent + entry.name, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // `readEntries` gives a hundred at a time, until it gives none.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (batch.length === 0) return
    for (const child of batch) await collect(child, `${parent}${entry.name}/`, found)
  }
}
