"""
What every event has, and how its fields say what they mean.

Markers (`Means`, `Choices`, `Names`, `Between`, `Filled`, `Aware`) ride in `Annotated[...]`. They speak
to pydantic at the API's edge through its documented hooks without importing it, so
that the rules stay on the standard library. The bases are `Event` and `ClosingAct`;
the roles stand here because events of several nouns name them. Approvals are no
field: they come from the session of a second person and travel in the envelope.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, get_type_hints

JsonSchema = dict[str, Any]
Handler = Callable[[Any], JsonSchema]


@dataclass(frozen=True, slots=True)
class Means:
    """What a field or a choice means to a reader, in Chinese and in English."""

    zh: str
    en: str
    example: str | None = None

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Handler) -> JsonSchema:
        """Adds the labels to the field's JSON Schema, for forms and for the docs."""
        schema = dict(handler(core_schema))
        schema["title"] = self.zh
        schema["description"] = self.en
        schema["x-label"] = {"zh": self.zh, "en": self.en}
        if self.example is not None:
            schema["examples"] = [self.example]
        return schema


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """The labels of each word of a closed vocabulary (compared by identity)."""

    labels: Mapping[str, Means]

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Handler) -> JsonSchema:
        """Adds `x-choices`: word -> both labels, in the order written here."""
        schema = dict(handler(core_schema))
        schema["x-choices"] = {
            word: {"zh": label.zh, "en": label.en} for word, label in self.labels.items()
        }
        return schema


@dataclass(frozen=True, slots=True)
class Names:
    """What a field names that is known elsewhere: one of `THINGS`."""

    thing: str

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Handler) -> JsonSchema:
        """Adds `x-of`, by which a client knows what to let somebody choose from."""
        return {**handler(core_schema), "x-of": self.thing}


@dataclass(frozen=True, slots=True)
class Between:
    """The least and the most that any pack lets a number be; a form says so, and the guard refuses."""

    least: int
    most: int

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Handler) -> JsonSchema:
        """Adds both bounds to the field's JSON Schema."""
        return {**handler(core_schema), "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Filled:
    """A text that must not be blank; the edge drops the spaces around it."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Handler) -> JsonSchema:
        """Says in words of JSON Schema that spaces alone are nothing."""
        return {**handler(core_schema), "pattern": r"\S"}

    def __get_pydantic_core_schema__(self, source: Any, handler: Handler) -> JsonSchema:
        """Asks the edge for at least one character."""
        return {**handler(source), "strip_whitespace": True, "min_length": 1}


@dataclass(frozen=True, slots=True)
class Aware:
    """An instant that must carry its offset: "24 hours from" has no naive answer."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Handler) -> JsonSchema:
        """Asks the edge to refuse a time without offset."""
        return {**handler(source), "tz_constraint": "aware"}


Text = Annotated[str, Filled()]
Instant = Annotated[datetime, Aware()]

Role = Literal[
    "community_worker",
    "community_police",
    "community_doctor",
    "family",
    "civil_affairs",
    "employment",
    "psychologist",
    "farm_advisor",
    "legal_aid",
    "school",
    "volunteer",
    "grid_worker",
]
FIXED_ROLES: tuple[Role, ...] = (
    "community_worker",
    "community_police",
    "community_doctor",
    "family",
)
OFFICE_ROLES = ("supervisor", "county_office")
ROLES = Choices(
    {
        "community_worker": Means("社区专职工作人员", "Community worker"),
        "community_police": Means("社区民警", "Community police officer"),
        "community_doctor": Means("社区医务人员", "Community medical worker"),
        "family": Means("家庭成员", "Family member"),
        "civil_affairs": Means("民政", "Civil affairs (hardship)"),
        "employment": Means("就业服务", "Employment service (no work)"),
        "psychologist": Means("心理辅导", "Psychologist (young or distressed)"),
        "farm_advisor": Means("农技指导", "Farm advisor"),
        "legal_aid": Means("法律援助", "Legal aid"),
        "school": Means("学校", "School"),
        "volunteer": Means("禁毒志愿者", "Anti-drug volunteer"),
        "grid_worker": Means("网格员", "Grid worker"),
    }
)

THINGS: Mapping[str, str] = MappingProxyType(
    {
        "staff": "a member of staff, by handle",
        "office": "an office, by id",
        "person": "a person, by id",
        "event": "an event of the same case, by id",
        "test": "a test of the same case, by its test_id",
        "new_test": "a test that this event is about to name: the client makes the id",
        "decision": "a decision of the same case, by its number",
        "kind": "a kind of obligation",
        "occurrence": "an occurrence of an obligation of the same case",
        "need": "a need, in the pack's words",
        "paper": "a paper or an attachment, in plain words or by id",
        "pack": "a policy pack, by id and version",
        "rule": "a rule of the rule book, by its number",
    }
)
"""What a field may name; a word here is for ever, as the clients know it."""

TestId = Annotated[
    Text, Means("检测编号", "Id of the test, as its test_taken gave it", "t1"), Names("test")
]
DecisionNo = Annotated[Text, Means("决定书文号", "Number of the written decision", "D-1")]
HelperRole = Annotated[Role, Means("小组角色", "Chair in the 4+X team"), ROLES]
Reason = Annotated[Text, Means("理由", "Why, in plain words")]

FREE_TEXT: frozenset[str] = frozenset({"note"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    A thing that happened in one case.

    When it happened, when it was recorded, by whom and with whose approval are the
    envelope's; what it calls for is the rules'. `wire` names the fields whose name
    on the wire is a Python keyword or the name of a class attribute.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    name: ClassVar[str]
    label: ClassVar[Means]
    by: ClassVar[str]
    version: ClassVar[int] = 1
    moves: ClassVar[bool] = False
    paper: ClassVar[bool] = False
    cites: ClassVar[tuple[str, ...]] = ()
    sensitive: ClassVar[frozenset[str]] = FREE_TEXT
    wire: ClassVar[Mapping[str, str]] = MappingProxyType({})

    document_no: Annotated[
        str | None, Means("文书编号", "Number of the paper that it rests on")
    ] = None
    note: Annotated[str | None, Means("备注", "Remark, in plain words")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAct(Event):
    """An event that closes an obligation: the matching one, or the one it names."""

    occurrence: Annotated[
        str | None,
        Means(
            "所履行事项的期次",
            "Occurrence of the obligation that it closes, where it names one",
            "m1/w03",
        ),
        Names("occurrence"),
    ] = None


def meanings(event: type[Event]) -> dict[str, Means]:
    """What each field of an event means, by attribute name, in the class's order."""
    hints = get_type_hints(event, include_extras=True)
    return {
        field.name: mark
        for field in fields(event)
        for mark in getattr(hints[field.name], "__metadata__", ())
        if isinstance(mark, Means)
    }


def from_wire(event: type[Event], sent: Mapping[str, Any]) -> dict[str, Any]:
    """
    What was sent, under the class's attribute names (`from` becomes `from_on`).

    Raises:
        ValueError: an attribute name was sent where the wire has another word.
    """
    if inner := event.wire.keys() & sent.keys() - set(event.wire.values()):
        raise ValueError(f"{event.name} has no field {', '.join(sorted(inner))}")
    attributes = {word: attribute for attribute, word in event.wire.items()}
    return {attributes.get(word, word): value for word, value in sent.items()}


def to_wire(event: type[Event], held: Mapping[str, Any]) -> dict[str, Any]:
    """What is held, or a schema's properties, under the wire's words."""
    return {event.wire.get(name, name): value for name, value in held.items()}
