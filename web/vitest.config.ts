import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { featureIcons } from './scripts/featureIcons'

export default defineConfig({
  plugins: [vue(), featureIcons()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: { environment: 'happy-dom', include: ['test/unit/**/*.test.ts'], restoreMocks: true },
})
