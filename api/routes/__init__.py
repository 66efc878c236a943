"""
The API's table of contents.

    GET  /health/live                     the server answers
    GET  /health/ready                    it can do its work, or which check fails
    POST   /api/v1/sessions               log in; DELETE .../current logs out
    GET    /api/v1/me                     who one is; PUT .../password, POST .../tokens
    POST /api/v1/cases                    open a case
    GET  /api/v1/cases                    all cases, paged
    GET  /api/v1/cases/{case_id}          one case: way, terms, what is owed and why, moves, notices, timeline
    POST /api/v1/cases/{case_id}/events   record what happened
    POST /api/v1/cases/{case_id}/proposals  propose what needs a second person; GET lists them
    GET  /api/v1/proposals                what waits for me; POST .../{id}/approve, decline, withdraw
    GET  /api/v1/event-types              what can happen, with the form of each
    GET  /api/v1/demo/clock               the day in a demo
    POST /api/v1/demo/clock               move it
"""

from __future__ import annotations

from fastapi import FastAPI

from api.routes import cases, demo, events, health, proposals, sessions

PREFIX = "/api/v1"


def install(app: FastAPI) -> None:
    """Hang every route into an app. The demo's answer 404 elsewhere."""
    app.include_router(health.router)
    for each in (sessions, cases, events, proposals, demo):
        app.include_router(each.router, prefix=PREFIX)
