"""
The API's table of contents.

    GET  /health/live                     the server answers
    GET  /health/ready                    it can do its work, or which check fails
    POST   /api/v1/sessions               log in; DELETE .../current logs out
    GET    /api/v1/me                     who one is; PUT .../password, POST .../tokens
    GET  /api/v1/accounts                 who may log in; POST makes one; .../{id}/password, role, disable, sessions, tokens
    GET  /api/v1/offices                  the offices; POST opens one; .../{id}/rename, move, close, spans
    GET  /api/v1/divisions                find an administrative division
    GET  /api/v1/staff                    who works where; POST enters somebody; .../{id}/postings, leaves
    GET  /api/v1/leaves                   who is away; DELETE .../{id} takes a leave back
    POST /api/v1/people/search            find somebody by number, phone or name
    POST /api/v1/people                   register somebody; GET and PUT .../{person_id}, POST .../{person_id}/merges
    POST /api/v1/merges/{merge_id}/undo   take a merge back
    POST /api/v1/cases                    open a case
    GET  /api/v1/cases                    the cases within reach, paged
    GET  /api/v1/cases/{case_id}          one case: way, terms, what is owed and why, moves, notices, events
    GET    .../obligations                what is owed and why; .../why-not: why it is not on a list
    GET    .../timeline                   what happened, was told, handed over, attached
    GET    .../team                       the 4+X team; POST .../team/assign, acknowledge, release, waive
    POST   .../hand-over, .../receipt     the case to another office, and its receipt
    PUT    .../attachments/{id}           a photo or scan; GET lists and saves them
    GET  /api/v1/hand-overs               what waits for a receipt; POST hands a caseload over
    GET  /api/v1/gaps                     who is missing today, and who will be
    GET  /api/v1/me/worklist              what is owed within reach, the most pressing first
    GET  /api/v1/me/notices               what one was told
    GET  /api/v1/me/inbox                 what was delivered to one; POST .../{id}/read
    GET  /api/v1/me/contact               by which channels one is told, and when; PUT sets it
    GET    .../disclosures                who was told of a case, when, by which channel
    GET    .../moves                      what can be recorded, or why not, with the forms
    POST /api/v1/cases/{case_id}/events   record what happened
    GET  /api/v1/cases/{case_id}/events   what was recorded, by whom, when
    POST /api/v1/cases/{case_id}/corrections  void and replace
    POST /api/v1/batches                  record for many at once
    POST /api/v1/cases/{case_id}/proposals  propose what needs a second person; GET lists them
    GET  /api/v1/proposals                what waits for me; POST .../{id}/approve, decline, withdraw
    GET  /api/v1/sync                     what is new for a phone, and what it must wipe; POST brings its queue
    GET  /api/v1/quarantine               what phones brought and a person decides on; POST .../{id}/record, dismiss
    GET  /api/v1/event-types              what can happen, with the form of each
    GET  /api/v1/demo/clock               the day in a demo
    POST /api/v1/demo/clock               move it
"""

from __future__ import annotations

from fastapi import FastAPI

from api.routes import (
    accounts,
    attachments,
    batches,
    calendars,
    cases,
    contacts,
    demo,
    disclosures,
    events,
    gaps,
    hand_overs,
    health,
    inbox,
    moves,
    obligations,
    offices,
    packs,
    people,
    proposals,
    quarantine,
    runs,
    sessions,
    staff,
    sync,
    teams,
    timelines,
    worklists,
)

PREFIX = "/api/v1"
NOUNS = (
    worklists,
    inbox,
    contacts,
    sessions,
    accounts,
    offices,
    staff,
    people,
    cases,
    obligations,
    timelines,
    disclosures,
    teams,
    gaps,
    hand_overs,
    attachments,
    moves,
    events,
    batches,
    proposals,
    sync,
    quarantine,
    packs,
    calendars,
    runs,
    demo,
)
"""The modules of routes, in the order of the description; what is asked all day stands first, where it is found first."""


def install(app: FastAPI) -> None:
    """Hang every route into an app. The demo's answer 404 elsewhere."""
    app.include_router(health.router)
    for each in NOUNS:
        app.include_router(each.router, prefix=PREFIX)
