import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import ui from '@nuxt/ui/vite'
import { defineConfig } from 'vite'
import { mockHub } from './test/mock/plugin'

const hub = process.env.HOTHOUSE_URL ?? 'http://localhost:8000'

/** Requests that the dev server passes on look to the hub like ones from its own pages. */
const proxied = { target: hub, changeOrigin: true, headers: { origin: new URL(hub).origin } }

export default defineConfig(({ mode }) => ({
  plugins: [
    vue(),
    ui({
      autoImport: false,
      components: { dts: 'components.d.ts' },
      experimental: { componentDetection: true },
      // Icons used in templates are compiled in: nothing is ever fetched from an icon service.
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'], globExclude: ['node_modules'] } } },
      ui: {
        colors: { primary: 'leaf', neutral: 'stone' },
        button: { defaultVariants: { size: 'sm' } },
        input: { defaultVariants: { size: 'sm' } },
        select: { defaultVariants: { size: 'sm' } },
        textarea: { defaultVariants: { size: 'sm' } },
        badge: { defaultVariants: { size: 'sm' } },
        formField: { defaultVariants: { size: 'sm' } },
      },
    }),
    mode === 'mock' && mockHub(),
  ],
  // No component here, nor in what we use, is written in the options API: leave its code out.
  define: { __VUE_OPTIONS_API__: 'false' },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  worker: { format: 'es' },
  server: { proxy: mode === 'mock' ? undefined : { '/api': proxied, '/health': proxied } },
  build: {
    outDir: '../src/hothouse/hub/ui',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
}))
