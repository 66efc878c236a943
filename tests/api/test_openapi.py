"""The API's description is whole: both languages, an example of each body that is understood, every refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import jsonschema_rs
import pytest

from api.descriptions import ASKED, DONE, fields_of, is_bilingual
from api.descriptions.fields import FIELDS
from api.descriptions.operations import OPERATIONS
from tests.api.clients import Json, a_demo, add_account
from tests.contracts import body_of
from tests.depths import STRANGE

JSON, PROBLEM = "application/json", "application/problem+json"
SPEAKS_ENGLISH = (
    "api/routes says it in English; its Chinese stands in api/descriptions/operations.py"
)
NOT_READ = ("malformed_body", "not_allowed", "login_needed", "csrf_failed")
"""How it is refused before anybody looks at what it means."""
NAMED = "say it in the schema, or by its name in api/descriptions/fields.py"


@pytest.fixture(scope="module")
def described() -> Iterator[Json]:
    with a_demo(date(2024, 1, 8)) as client:
        found: Json = client.http.get("/openapi.json").json()
        yield found


@pytest.fixture(scope="module")
def operations(described: Json) -> dict[str, Json]:
    return {
        f"{method.upper()} {path}": operation
        for path, found in described["paths"].items()
        for method, operation in found.items()
    }


def test_every_operation_is_explained_in_both_languages(operations: dict[str, Json]) -> None:
    for label, operation in operations.items():
        assert is_bilingual(operation["summary"]), label
        assert is_bilingual(operation.get("description")), f"{label}: {SPEAKS_ENGLISH}"
        for status, answer in operation["responses"].items():
            assert is_bilingual(answer["description"]), f"{label} {status}"
    assert set(OPERATIONS) == set(operations)


def test_every_parameter_and_field_is_explained_in_both_languages(
    described: Json, operations: dict[str, Json]
) -> None:
    for label, operation in operations.items():
        for each in operation.get("parameters", ()):
            assert is_bilingual(each.get("description")), f"{label} {each['name']}: {NAMED}"
    for schema, field, said in fields_of(described):
        assert is_bilingual(said.get("description")), f"{schema}.{field}: {NAMED}"


def test_no_word_is_left_over(described: Json, operations: dict[str, Json]) -> None:
    said = {each.get("description") for _, _, each in fields_of(described)}
    for operation in operations.values():
        said |= {each.get("description") for each in operation.get("parameters", ())}
    assert not [name for name, text in FIELDS.items() if text not in said]


def test_what_is_explained_once_is_explained_once(described: Json) -> None:
    """Asked for twice, the description is the same."""
    with a_demo(date(2024, 1, 8)) as client:
        assert [client.http.get("/openapi.json").json() for _ in range(2)] == [described] * 2


def test_every_body_has_an_example_that_is_as_described(described: Json) -> None:
    for path, found in described["paths"].items():
        for method in found:
            schema = body_of(described, path, method)
            if schema is None:
                continue
            assert schema.get("examples"), f"{method} {path}: give its schema an example"
            check = jsonschema_rs.validator_for({**schema, "components": described["components"]})
            for example in schema["examples"]:
                check.validate(example)


def test_every_example_is_understood(described: Json) -> None:
    """It may be refused for what it means here, and never for how it is written."""
    with a_demo(date(2024, 1, 8)) as client:
        add_account(client.parts, "root", "administrator")
        of_accounts = client.logged_in("root")
        for path, found in described["paths"].items():
            for method in found:
                schema = body_of(described, path, method)
                http = of_accounts if "/accounts" in path else client.http
                for example in (schema or {}).get("examples", ()):
                    address = _filled(path)
                    answer = http.request(method, address, json=example)
                    told = answer.json() if answer.content else {}
                    assert told.get("code") not in NOT_READ, f"{method} {path}: {told}"


def test_every_refusal_that_may_come_is_described(operations: dict[str, Json]) -> None:
    for label, operation in operations.items():
        answers = operation["responses"]
        expected = set()
        if "security" in operation:
            expected |= {"401", "403"}
        if operation.get("parameters"):
            expected.add("422")
        if "requestBody" in operation:
            expected |= {"413", "422"}
        if any(each["schema"].get("format") == "uuid" for each in _of_the_path(operation)):
            expected.add("404")
        assert expected <= set(answers), f"{label}: {sorted(expected - set(answers))}"
        for status, answer in answers.items():
            if status >= "400":
                assert list(answer["content"]) == [PROBLEM], f"{label} {status}"


def test_every_answer_has_a_form(operations: dict[str, Json]) -> None:
    for label, operation in operations.items():
        for status, answer in operation["responses"].items():
            if status < "300" and status != "204":
                assert answer["content"], f"{label} {status}"
                assert all(each["schema"] for each in answer["content"].values()), (
                    f"{label} {status}"
                )


def test_who_asks_is_asked_of_all_but_a_few(operations: dict[str, Json]) -> None:
    few = {label for label, operation in operations.items() if "security" not in operation}
    assert few == {
        "GET /health/live",
        "GET /health/ready",
        "POST /api/v1/sessions",
        "GET /api/v1/event-types",
    }


@pytest.mark.parametrize("text", [ASKED, *DONE.values()])
def test_what_is_said_of_any_answer_is_in_both_languages(text: str) -> None:
    assert is_bilingual(text)


@pytest.mark.parametrize(
    ("text", "both"),
    [("个案", False), ("The case.", False), ("个案 The case.", True), (None, False)],
)
def test_both_languages_are_more_than_one(text: str | None, both: bool) -> None:
    assert is_bilingual(text) is both


def _of_the_path(operation: Json) -> list[Json]:
    return [each for each in operation.get("parameters", ()) if each["in"] == "path"]


def _filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}{STRANGE}{rest.partition('}')[2]}"
    return path
