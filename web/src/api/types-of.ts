/** Names for the API's schemas that the client speaks of; the shapes come from `docs/openapi.json`. */

import type { components } from './types.ts'

type Schemas = components['schemas']

export type SyncPage = Schemas['SyncPage']
export type PhoneCase = SyncPage['cases'][number]
export type Sections = SyncPage['sections']
export type Owed = NonNullable<PhoneCase['obligations']>[number]
export type Move = NonNullable<PhoneCase['moves']>[number]
export type PastEvent = NonNullable<PhoneCase['events']>[number]
export type Form = NonNullable<Sections['forms']>[number]
export type Told = NonNullable<Sections['inbox']>[number]
export type Label = Schemas['Label']
export type Problem = Schemas['Problem']
export type Me = Schemas['Me']
export type ContactWishes = Schemas['ContactPublic']
export type ContactSet = Schemas['ContactSet']
export type QueuedCreate = Schemas['QueuedCreate']
export type EventCreate = Schemas['EventCreate']
export type QueueAnswer = Schemas['QueueAnswer']
export type Outcome = QueueAnswer['outcome']
export type Arriving = Schemas['WaitingPublic']
