import { createRouter, createWebHistory } from 'vue-router'
import type { Router } from 'vue-router'
import { setUnauthorizedHandler } from './api/client'
import { useSession } from './features/identity/composables/useSession'
import { features } from './kit/feature'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Shown without a session and without the shell around it. */
    open?: boolean
  }
}

export function createAppRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...features.flatMap((feature) => feature.routes),
      {
        path: '/:path(.*)*',
        name: 'not-found',
        component: () => import('./shell/NotFoundView.vue'),
        meta: { title: 'Not found' },
      },
    ],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? {} : { top: 0 }),
  })

  const toSignIn = (next: string) => ({ name: 'sign-in', query: next === '/' ? {} : { next } })

  setUnauthorizedHandler(() => {
    const session = useSession()
    const here = router.currentRoute.value
    if (session.impersonation) return void session.stopViewing() // its time is over: be oneself again
    if (here.meta.open) return
    session.forget()
    void router.push(toSignIn(here.fullPath))
  })

  router.beforeEach(async (to) => {
    if (to.meta.open) return true
    return (await useSession().load()) ? true : toSignIn(to.fullPath)
  })
  router.afterEach((to) => {
    document.title = to.meta.title ? `${to.meta.title} · Hothouse` : 'Hothouse'
  })
  // A deployed update removes old chunks: a page that needs one of them starts over with the new shell.
  router.onError((error: Error, to) => {
    if (/dynamically imported module|module script/i.test(error.message)) window.location.assign(to.fullPath)
  })
  return router
}
