interface Query {
  limit: number
  cursor?: string
}

/** Read a short list to its end, page by page. */
export async function readAll<T>(
  page: (query: Query) => Promise<{ items: T[]; next_cursor?: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null | undefined
  do {
    const answer = await page({ limit: 100, ...(cursor && { cursor }) })
    items.push(...answer.items)
    cursor = answer.next_cursor
  } while (cursor)
  return items
}
