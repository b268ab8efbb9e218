import { inject } from 'vue'
import type { ComputedRef, InjectionKey } from 'vue'
import type { AppDetail, AppSettings } from '@/api/types'

interface AppPage {
  app: ComputedRef<AppDetail | undefined>
  reload: () => Promise<void>
  change: (settings: AppSettings) => Promise<void>
}

export const appKey: InjectionKey<AppPage> = Symbol('app page')

/** The app whose page this is; only for what `AppView` shows once it has been loaded. */
export function useAppPage(): Omit<AppPage, 'app'> & { app: ComputedRef<AppDetail> } {
  const page = inject(appKey)
  if (!page) throw new Error('useAppPage() is for the tabs of AppView')
  return page as Omit<AppPage, 'app'> & { app: ComputedRef<AppDetail> }
}
