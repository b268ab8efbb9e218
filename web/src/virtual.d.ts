declare module 'virtual:feature-icons' {
  import type { IconifyJSON } from '@iconify/vue'

  const icons: IconifyJSON
  export default icons
}

declare module 'virtual:shell-icons' {
  import type { IconifyJSON } from '@iconify/vue'

  const icons: IconifyJSON
  export default icons
}

declare module 'virtual:ui-colors.css'
