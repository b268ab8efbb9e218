/** Largest archive that the hub takes, in bytes. */
export const MAX_ARCHIVE_BYTES = 100_000_000
export const MAX_FILES = 10_000

/** The source is larger than the hub takes. */
export class TooLarge extends Error {
  override name = 'TooLarge'
}

export function tooLargeMessage(): string {
  return 'Packed, it is over the 100 MB that an upload may have. Keep data out of the source: name it in .hothouseignore, and load it when the app runs.'
}

export function tooManyMessage(count: number): string {
  return `It has ${count.toLocaleString('en')} files; an upload may have ${MAX_FILES.toLocaleString('en')}. Name the folders that do not belong to it in .hothouseignore.`
}
