/** The rooms of the house and their doors; which of them opens is said by `local/locking.ts`, not here. */

import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

import Today from './rooms/phone/Today.vue'

const phone: RouteRecordRaw[] = [
  { path: '/', name: 'today', component: Today, meta: { tab: 'today' } },
  { path: '/people', name: 'people', component: () => import('./rooms/phone/People.vue'), meta: { tab: 'people' } },
  { path: '/people/:id', name: 'person', component: () => import('./rooms/phone/Person.vue'), props: true },
  { path: '/people/:id/record', name: 'choose', component: () => import('./rooms/phone/ChooseRecord.vue'), props: true },
  { path: '/people/:id/record/:event', name: 'record', component: () => import('./rooms/phone/Record.vue'), props: true },
  { path: '/batch', name: 'batch', component: () => import('./rooms/phone/Batch.vue') },
  { path: '/notices', name: 'notices', component: () => import('./rooms/phone/Notices.vue'), meta: { tab: 'notices' } },
  { path: '/hand-overs', name: 'hand-overs', component: () => import('./rooms/phone/HandOvers.vue') },
  { path: '/queue', name: 'queue', component: () => import('./rooms/phone/Queue.vue') },
  { path: '/mine', name: 'mine', component: () => import('./rooms/phone/Mine.vue'), meta: { tab: 'mine' } },
]

export const router = createRouter({
  history: createWebHistory('/app/'),
  routes: [...phone, { path: '/:rest(.*)*', redirect: { name: 'today' } }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
