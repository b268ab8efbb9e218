/** Where to go after signing in: a path of this very origin, or `/` for anything else that `next` may hold. */
export function safeNext(next: unknown, origin: string): string {
  // Browsers read `\` as `/` and drop control characters: neither has a place in a path.
  // eslint-disable-next-line no-control-regex
  if (typeof next !== 'string' || next === '' || /[\\\u0000-\u001f]/.test(next)) return '/'
  try {
    const url = new URL(next, origin)
    return url.origin === origin && url.username === '' ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}

/** Paths that the hub answers itself (the hand-over to an app), so that the router must not try. */
export function isServerPath(path: string): boolean {
  return path.startsWith('/api/')
}
