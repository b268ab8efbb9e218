import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import ui from '@nuxt/ui/vite'
import { defineConfig } from 'vite'
import { featureIcons } from './scripts/featureIcons'
import { uiColors } from './scripts/uiColors'
import { mockHub } from './test/mock/plugin'

const hub = process.env.HOTHOUSE_URL ?? 'http://localhost:8000'

const COLORS = {
  primary: 'leaf',
  secondary: 'blue',
  success: 'green',
  info: 'blue',
  warning: 'yellow',
  error: 'red',
  neutral: 'stone',
}

/** Requests that the dev server passes on look to the hub like ones from its own pages. */
const proxied = { target: hub, changeOrigin: true, headers: { origin: new URL(hub).origin } }

export default defineConfig(({ mode }) => ({
  plugins: [
    uiColors(COLORS),
    featureIcons(),
    vue(),
    ui({
      autoImport: false,
      components: { dts: 'components.d.ts' },
      experimental: { componentDetection: true },
      // `featureIcons` compiles icons in, the shell's with it and others in a chunk.
      icon: { clientBundle: false },
      ui: {
        colors: COLORS,
        button: {
          defaultVariants: { size: 'sm' },
          // By default it fades by a quarter, and its label can no longer be read by everyone.
          compoundVariants: [
            { color: 'primary', variant: 'solid', class: 'hover:bg-primary/90 active:bg-primary/90' },
          ],
        },
        input: { defaultVariants: { size: 'sm' } },
        inputMenu: { defaultVariants: { size: 'sm' } },
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
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      '@iconify/vue': fileURLToPath(new URL('./src/kit/iconify.ts', import.meta.url)),
    },
  },
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
