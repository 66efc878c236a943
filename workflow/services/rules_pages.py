"""
docs/rules.md, written from the code: the way as a diagram, and every event, obligation, rung and grant in tables.

What stands there is what the machine, the registry and the national pack hold;
a test fails when the file is older than they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.rules.events import ENGINE, EVENTS
from workflow.rules.events.fields import meanings
from workflow.rules.moves import NEEDS_APPROVAL
from workflow.rules.pack import Frequency, Ladder, ObligationRule, Pack
from workflow.rules.plan import KINDS
from workflow.rules.sentences.labels import ROLE_LABELS
from workflow.rules.stages import ENDED, MOVES, NEW, OPEN, SOURCES, STAGES, STAYS
from workflow.services.access_tables import access
from workflow.services.markdown import both, section, table
from workflow.services.packs import load_pack

HEAD = """# Rules 规则

Written by `guitu docs` from the code; do not edit. 由 `guitu docs` 按代码生成，请勿手改。
Every number is a setting of a policy pack and shown here as `{pack}` has it; an overlay may say otherwise.
Nothing here is legal advice. 这里不是法律意见。
What is refused, and what would allow it: [errors.md](errors.md). 不予受理的情形和办法见 errors.md。
"""
BASIS = {"law": "法定 law", "practice": "做法 practice"}


def rules_page() -> str:
    """The whole file."""
    pack = load_pack("cn-national")
    parts = [
        HEAD.format(pack=pack.name),
        *section("The way 全过程", _diagram()),
        *section("Stages 阶段", _stages()),
        *section("Events 事件", _events()),
        *section("Obligations 应办事项", _obligations(pack)),
        *section("Ladders 提醒阶梯", _ladders(pack)),
        *section("Terms and thresholds 期限与界线", _numbers(pack)),
        *section("Who may do what 权限", access()),
    ]
    return "\n".join(parts)


# ------------------------------------------------------------------ stages and events


def _diagram() -> Iterator[str]:
    """One arrow for each pair of stages; what leads from every open stage to an end is drawn once."""
    yield "Moves that leave the stage as it is, revocations and the ways out that every open stage has (`died`,"
    yield "`transferred_out`, `entry_voided`, `terminated`) are in the table of events; drawn, they would hide the rest.\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    for name, label in STAGES.items():
        yield f'    state "{label.zh} {name}" as {name}'
    arrows: dict[tuple[str, str], list[str]] = {}
    hidden = ("decision_revoked", "died", "transferred_out", "entry_voided", "terminated")
    for move in MOVES:
        if move.target == STAYS or move.event in hidden:
            continue
        for source in move.sources:
            arrows.setdefault((source, move.target), []).append(move.event)
    for (source, target), events in arrows.items():
        begin = "[*]" if source == NEW else source
        yield f"    {begin} --> {target}: {', '.join(dict.fromkeys(events))}"
    for name in ENDED:
        yield f"    {name} --> [*]"
    yield "```"


def _stages() -> Iterator[str]:
    yield from table(
        ("stage", "阶段", "", "open"),
        (
            (f"`{name}`", label.zh, label.en, "" if name in ENDED else "✓")
            for name, label in STAGES.items()
        ),
    )


def _events() -> Iterator[str]:
    yield "By: S the office or a worker records it; P it rests on a decision or act of the police, a facility or a court;"
    yield "E the engine derives it. ✋ needs a second person's approval.\n"
    yield from table(
        ("event", "事件", "by", "from", "to", "fields", "source"),
        (_event(name) for name in EVENTS),
    )


def _event(name: str) -> tuple[str, ...]:
    kind = EVENTS[name]
    targets = dict.fromkeys(m.target for m in MOVES if m.event == name)
    by = "E" if name in ENGINE else kind.by
    return (
        f"`{name}`{' ✋' if name in NEEDS_APPROVAL else ''}",
        both(kind.label),
        by,
        _places(SOURCES[name]),
        ", ".join("stays" if target == STAYS else f"`{target}`" for target in targets),
        ", ".join(
            f"`{kind.wire.get(field, field)}`"
            for field in meanings(kind)
            if field not in ("note", "document_no")
        ),
        ", ".join(kind.cites),
    )


def _places(stages: tuple[str, ...]) -> str:
    known = set(stages) - {NEW}
    if known == set(STAGES):
        return "any"
    if known == set(OPEN) and NEW not in stages:
        return "every open stage"
    return ", ".join(f"`{stage}`" for stage in stages)


# ------------------------------------------------------------------ what is owed


def _obligations(pack: Pack) -> Iterator[str]:
    names = dict.fromkeys(kind for kinds in KINDS.values() for kind in kinds)
    yield "`d` calendar days, `wd` working days, `m` months. Deadlines move to a working day unless marked *no roll*;"
    yield "terms and windows never do.\n"
    yield from table(
        ("kind", "事项", "owner", "when", "basis", "source"),
        (_obligation(pack.obligations[name]) for name in names),
    )


def _obligation(rule: ObligationRule) -> tuple[str, ...]:
    cited = rule.cited
    return (
        f"`{rule.kind}`",
        both(rule.label),
        both(ROLE_LABELS[rule.owner]) if rule.owner in ROLE_LABELS else rule.owner,
        _when(rule),
        BASIS[cited.basis],
        f"{cited.source} ({', '.join(cited.rules)})" if cited.rules else cited.source,
    )


def _when(rule: ObligationRule) -> str:
    if rule.windows:
        return "; ".join(
            f"{stage}{'' if level == 'any' else ' ' + level}: {_often(often)}"
            for stage, table in rule.windows.items()
            for level, often in table.items()
        )
    if rule.every:
        return "; ".join(f"{occasion}: every {span}" for occasion, span in rule.every.items())
    parts = []
    if rule.opens is not None:
        parts.append(f"opens {'-' if rule.before_end else '+'}{rule.opens}")
    if rule.due is not None:
        parts.append(f"due {'-' if rule.before_end else '+'}{rule.due}")
    if not rule.roll:
        parts.append("*no roll*")
    return ", ".join(parts) or "on the day itself"


def _often(often: Frequency) -> str:
    if often.every_days:
        return f"every {often.every_days} d"
    return "/".join(str(n) for n in often.per_year) + " a year"


def _ladders(pack: Pack) -> Iterator[str]:
    limit = pack.settings.short_ladder_up_to
    yield f"`short` is for nominal periods of {limit} days or less, `standard` for longer ones. Rungs count in days from the due day.\n"
    yield from table(
        ("ladder", "rung", "who is told"),
        (row for name, ladder in pack.ladders.items() for row in _rungs(name, ladder)),
    )


def _rungs(name: str, ladder: Ladder) -> Iterator[tuple[str, ...]]:
    for rung in ladder.rungs:
        yield f"`{name}`", rung.label, ", ".join(_role(role) for role in rung.to)
    again = f"every {ladder.repeat_every} d, {ladder.repeat_times} times; then every {ladder.repeat_then} d"
    yield f"`{name}`", again, _role(ladder.repeat_to)


def _role(role: str) -> str:
    return both(ROLE_LABELS[role]) if role in ROLE_LABELS else f"责任角色 {role}"


def _numbers(pack: Pack) -> Iterator[str]:
    terms, limits = pack.terms, pack.thresholds
    yield from table(
        ("what", "number", "basis", "source"),
        (
            (what, number, BASIS[cited.basis], cited.source)
            for what, number, cited in (
                ("社区戒毒 community detox", str(terms.community_detox), terms.cited),
                ("强制隔离戒毒 isolation", str(terms.isolation), terms.cited),
                (
                    "延长 longest extension of isolation",
                    str(terms.isolation_extension),
                    terms.cited,
                ),
                ("社区康复最长 longest recovery", str(terms.recovery_longest), terms.cited),
                ("三年跟踪 control ends after", str(pack.exit.after), pack.exit.cited),
                ("异议期 objection to a result", str(pack.testing.objection), pack.testing.cited),
                ("未到检 tests missed", str(limits.tests_missed), limits.cited),
                ("擅自离开 departures", str(limits.departures), limits.cited),
                ("离开累计超过 more days away than", str(limits.days_away), limits.cited),
            )
        ),
    )
