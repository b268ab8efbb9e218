import { useEventListener, useRafFn, useWindowSize } from '@vueuse/core'
import { computed, onMounted, ref, watch } from 'vue'
import type { Ref } from 'vue'

interface RowsOptions {
  count: Ref<number>
  /** Of every row, in pixels. */
  height: Ref<number>
  /** The element whose top is where the first row begins. */
  anchor: Ref<HTMLElement | undefined>
  /** Called while the end of what is there comes into sight. */
  onEnd?: () => void
}

/** Rows above and below what is seen, so that scrolling and arrow keys find them there. */
const SPARE = 20

/** Which rows of a long list are worth drawing, and how much room the others take; the page itself scrolls. */
export function useRows(options: RowsOptions) {
  const { height: seen } = useWindowSize()
  const above = ref(0)

  function look(): void {
    const top = options.anchor.value?.getBoundingClientRect().top
    if (top !== undefined) above.value = Math.max(0, -top)
  }

  const { resume } = useRafFn(look, { immediate: false, once: true })
  useEventListener(window, 'scroll', () => resume(), { passive: true })
  onMounted(look)

  const first = computed(() => {
    const wanted = Math.floor(above.value / options.height.value) - SPARE
    return Math.max(0, Math.min(wanted, options.count.value))
  })
  const last = computed(() =>
    Math.min(options.count.value, Math.ceil((above.value + seen.value) / options.height.value) + SPARE),
  )
  const before = computed(() => first.value * options.height.value)
  const after = computed(() => (options.count.value - last.value) * options.height.value)

  watch([last, options.count], ([end, count]) => end === count && count > 0 && options.onEnd?.(), {
    flush: 'post',
  })
  return { first, last, before, after }
}
