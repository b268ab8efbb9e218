import type { RouteRecordRaw, Router } from 'vue-router'

/** An entry of the command palette. */
export interface Command {
  id: string
  label: string
  icon: string
  /** More words to find it by. */
  suffix?: string
  kbds?: string[]
  run: () => void | Promise<void>
}

export interface CommandGroup {
  id: string
  label: string
  commands: Command[]
}

export interface MenuItem {
  label: string
  icon: string
  to: string
  /** Only shown to admins, or only to others; what is for admins answers others as if it were not there. */
  shownTo?: 'admins' | 'others'
  /** Where it stands: the lower the farther to the front; after all others by default. */
  place?: number
  /** Beginnings of other addresses that belong to it. */
  also?: string[]
}

/** What a feature folder's `module.ts` contributes to the whole. */
export interface FeatureModule {
  routes: RouteRecordRaw[]
  menu?: MenuItem[]
  /** Called whenever the palette opens. */
  commands?: (router: Router) => CommandGroup[] | Promise<CommandGroup[]>
}

const found = import.meta.glob<{ default: FeatureModule }>('../features/*/module.ts', { eager: true })

export const features: FeatureModule[] = Object.values(found).map((module) => module.default)
