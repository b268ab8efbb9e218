import type { Plugin } from 'vite'
import { answer } from './hub'

/** Lets `npm run dev:mock` work on pages without a hub. Never part of a build. */
export function mockHub(): Plugin {
  return {
    name: 'hothouse:mock-hub',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (!request.url?.startsWith('/api/')) next()
        else void answer(request, response)
      })
    },
  }
}
