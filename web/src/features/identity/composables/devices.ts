import type { SignedInSession } from '@/api/types'

/** "Firefox 140 on Linux"; what the hub does not know is left out. */
export function deviceName({ device: { browser, system } }: Pick<SignedInSession, 'device'>): string {
  const isKnown = (name: string) => name !== '' && name !== 'Unknown'
  if (isKnown(browser) && isKnown(system)) return `${browser} on ${system}`
  return [browser, system].find(isKnown) ?? 'Unknown device'
}
