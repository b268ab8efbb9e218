import { useEventListener } from '@vueuse/core'
import type { Ref } from 'vue'
import { isModalOpen, isTyping } from './hotkeys'

/** Let arrow keys and j/k walk over the rows' links (`a[data-row]`), which Enter then follows as any link. */
export function useRowKeys(body: Ref<HTMLElement | undefined>): void {
  function step(delta: number): void {
    const links = [...(body.value?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])]
    const current = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement))
    const next = current < 0 ? (delta > 0 ? 0 : links.length - 1) : current + delta
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus()
  }

  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isModalOpen()) return
    const isSearch = event.target instanceof HTMLInputElement && event.target.type === 'search'
    if (isTyping(event) && !(isSearch && event.key === 'ArrowDown')) return
    const delta = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    if (delta === undefined) return
    event.preventDefault()
    step(delta)
  })
}
