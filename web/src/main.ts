import 'virtual:ui-colors.css'
import './styles/main.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createAppRouter } from './router'
import { reportPageErrors } from './shell/errors'

const app = createApp(App)
app.use(createPinia())
app.use(createAppRouter())
reportPageErrors(app)
app.mount('#app')
