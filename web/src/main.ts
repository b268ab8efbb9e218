import './styles/main.css'
import ui from '@nuxt/ui/vue-plugin'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { keepIconsLocal } from './kit/icons'
import { createAppRouter } from './router'
import { reportPageErrors } from './shell/errors'

keepIconsLocal()

const app = createApp(App)
app.use(createPinia())
app.use(createAppRouter())
app.use(ui)
reportPageErrors(app)
app.mount('#app')
