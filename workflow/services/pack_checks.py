"""
Finds what a well-formed pack says in vain: a rule that can never fire, a window that is never open.

Each check reads some tables and is left out while one of them has the wrong
shape, since it would only add confusion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workflow.rules.pack import Citation, Ladder, ObligationRule, Pack, Rung, Span
from workflow.services.problems import Report

NEVER_FIRES = "never_fires"
_WORKING_DAYS_A_WEEK = 5

Check = Callable[[Pack, Report], None]


def check_pack(pack: Pack, report: Report) -> None:
    """Writes down everything that this pack says in vain or that contradicts itself."""
    wrong_shape = Report(report.file)
    wrong_shape.problems = list(report.problems)
    for tables, check in _CHECKS:
        if not wrong_shape.touches(*tables):
            check(pack, report)


def _citations(pack: Pack) -> Iterator[tuple[str, Citation]]:
    yield "terms", pack.terms.cited
    yield "exit", pack.exit.cited
    yield "thresholds", pack.thresholds.cited
    yield "custody", pack.custody.cited
    yield "testing", pack.testing.cited
    yield "team", pack.team.cited
    yield "settings", pack.settings.cited
    for name, ladder in pack.ladders.items():
        yield f"ladders.{name}", ladder.cited
    for kind, rule in pack.obligations.items():
        yield f"obligations.{kind}", rule.cited


def _check_validity(pack: Pack, report: Report) -> None:
    """A rule that ended before the pack began would be dead from the first day."""
    for place, cited in _citations(pack):
        if cited.until is not None and cited.until < pack.since and cited.since <= cited.until:
            zh = f"在本包开始（{pack.since}）之前就已失效；删去此条，或更正 until。"
            en = f"Ended before the pack begins ({pack.since}); drop the rule or correct until."
            report.add(NEVER_FIRES, f"{place}.until", zh, en)


def _check_counted_back(pack: Pack, report: Report) -> None:
    """What is counted back from an end must open before it is due."""
    for kind, rule in pack.obligations.items():
        if not rule.before_end or rule.opens is None or rule.due is None:
            continue
        if _calendar_days(rule.opens) <= _calendar_days(rule.due):
            zh = f"在期满前 {rule.opens} 才开始，却应在期满前 {rule.due} 完成；opens 应大于 due。"
            en = f"Opens {rule.opens} before the end but is due {rule.due} before it: opens must be longer."
            report.add("empty_window", f"obligations.{kind}.opens", zh, en)


def _calendar_days(span: Span) -> int:
    """At least how many calendar days it takes; five working days need a week."""
    if span.unit != "wd":
        return span.nominal_days
    return -(-span.amount * 7 // _WORKING_DAYS_A_WEEK)


def _check_isolation(pack: Pack, report: Report) -> None:
    """What comes so long after the decision must come while the longest isolation still lasts."""
    longest = pack.terms.isolation.amount + pack.terms.isolation_extension.amount
    one_year = pack.obligations["one_year_evaluation"]
    transfer = pack.obligations["facility_transfer"]
    late: list[tuple[str, Span | None]] = [
        ("custody.early_release_after", pack.custody.early_release_after),
        ("obligations.one_year_evaluation.opens", one_year.opens),
        ("obligations.facility_transfer.due", transfer.due),
    ]
    for key, span in late:
        if span is not None and _calendar_days(span) >= longest * 30:
            zh = f"强制隔离最长 {longest} 个月，{span} 之后不会再有；应更短。"
            en = f"Isolation lasts {longest} months at most; {span} never comes. Make it shorter."
            report.add(NEVER_FIRES, key, zh, en)


def _check_years(pack: Pack, report: Report) -> None:
    """A number for a year that no term reaches would never be used."""
    terms = {
        "community_detox": pack.terms.community_detox.amount,
        "recovery": pack.terms.recovery_longest.amount,
    }
    for kind, rule in pack.obligations.items():
        for stage, table in rule.windows.items():
            years = -(-terms.get(stage, 12_000) // 12)
            for level, frequency in table.items():
                if len(frequency.per_year) > years:
                    place = f"obligations.{kind}.windows.{stage}"
                    zh = f"期限只到第 {years} 年，后面的数用不上；写 {years} 个以内。"
                    en = f"The term ends in year {years}; give no more than {years} numbers."
                    report.add(NEVER_FIRES, place if level == "any" else f"{place}.{level}", zh, en)


def _check_needs(pack: Pack, report: Report) -> None:
    """The engine suggests the roles that are missing; a fixed chair is asked for anyway."""
    for need, role in pack.team.needs.items():
        if role in pack.team.fixed:
            zh = f"{role} 本来就是固定成员，这条建议永远不会出现；换一个角色，或删去。"
            en = f"{role} already is a fixed chair, so this is never suggested; name another role or drop it."
            report.add("need_is_fixed_chair", f"team.needs.{need}", zh, en)


def _check_hours(pack: Pack, report: Report) -> None:
    """The digest must not be due in the quiet hours, and these must leave some of the day."""
    settings = pack.settings
    start, end, at = settings.quiet_from, settings.quiet_until, settings.digest_at
    if start == end:
        zh, en = "免打扰不能从某刻到同一刻。", "Quiet hours need different ends."
        report.add("empty_window", "settings.quiet_from", zh, en)
    elif start <= at < end if start < end else at >= start or at < end:
        zh = f"汇总在 {at}，落在免打扰时段 {start}—{end} 内，发不出去；改到时段之外。"
        en = f"The digest at {at} falls into the quiet hours {start} to {end}; move it out of them."
        report.add("digest_in_quiet_hours", "settings.digest_at", zh, en)


def _check_rung_order(pack: Pack, report: Report) -> None:
    """Rungs climb day by day: the opening first, then from the earliest to the latest."""
    for name, ladder in pack.ladders.items():
        days = [-10_000 if rung.at_opening else rung.offset for rung in ladder.rungs]
        if days != sorted(set(days)):
            zh = "各级应从早到晚，不可重复；opening 在最前。"
            en = "Rungs go from early to late, each day once; opening comes first."
            report.add("rungs_out_of_order", f"ladders.{name}.rungs", zh, en)


def _check_ladder_use(pack: Pack, report: Report) -> None:
    """A rung before the due day needs an obligation long enough to have that day."""
    for name, ladder in pack.ladders.items():
        lengths = _lengths_on(name, pack)
        if not lengths:
            zh = f"没有事项用得上 {name} 这张阶梯；检查 settings.short_ladder_up_to。"
            en = f"No obligation uses the ladder {name}; look at settings.short_ladder_up_to."
            report.add(NEVER_FIRES, f"ladders.{name}", zh, en)
            continue
        for number, rung in _unreachable(ladder, max(lengths)):
            zh = f"{rung.label} 这一级用不上：此阶梯的事项最长只有 {max(lengths)} 天。"
            en = f"The rung {rung.label} never comes: the longest obligation on this ladder has {max(lengths)} days."
            report.add(NEVER_FIRES, f"ladders.{name}.rungs.{number}", zh, en)


def _lengths_on(ladder: str, pack: Pack) -> list[int]:
    """The lengths of the obligations that climb this ladder; where only the case knows it, it may be any."""
    border = pack.settings.short_ladder_up_to
    known = [rule.nominal_days for rule in pack.obligations.values()]
    lengths = [days for days in known if days is not None]
    if ladder == "short":
        return [days for days in lengths if days <= border]
    return [days for days in lengths if days > border]


def _unreachable(ladder: Ladder, longest: int) -> Iterator[tuple[int, Rung]]:
    for number, rung in enumerate(ladder.rungs, start=1):
        if not rung.at_opening and -rung.offset > longest:
            yield number, rung


def _check_digest(pack: Pack, report: Report) -> None:
    """Only a duty of a day may be told outside the digest; more would be a storm of single messages."""
    for kind, rule in pack.obligations.items():
        if not rule.digest and not _is_of_a_day(rule):
            zh = "只有一天内的法定事项可以不并入每日汇总；删去 digest = false。"
            en = "Only a statutory duty of one day is told outside the digest; drop digest = false."
            report.add("not_for_this_kind", f"obligations.{kind}.digest", zh, en)


def _is_of_a_day(rule: ObligationRule) -> bool:
    return rule.cited.basis == "law" and rule.due is not None and rule.due.nominal_days <= 1


_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("since",), _check_validity),
    (("obligations",), _check_counted_back),
    (("obligations", "terms", "custody"), _check_isolation),
    (("obligations", "terms"), _check_years),
    (("team",), _check_needs),
    (("settings",), _check_hours),
    (("ladders",), _check_rung_order),
    (("ladders", "obligations", "settings"), _check_ladder_use),
    (("obligations",), _check_digest),
)
