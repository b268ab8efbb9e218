"""Requests made up from the OpenAPI document, sent to a hub in this process, and what no answer may be."""

import contextlib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from structlog.testing import capture_logs
from tests.support.everyone import Everyone

from hothouse.hub.openapi import operations

SEED = 20_261_128
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
ENDS_ONESELF = ("auth.logout", "tokens.revoke-current", "sessions.revoke", "sessions.revoke-others")
"""What is asked last, because whoever asks it is nobody afterwards."""
load_all_checks()


@dataclass
class Fuzzer:
    """Sends as many requests to each operation as it is told, the same ones for everybody."""

    everyone: Everyone
    examples: int
    findings: list[str] = field(default_factory=list)
    sent: int = 0
    statuses: set[int] = field(default_factory=set)

    def cases(self) -> list[tuple[str, Case]]:
        """Make up requests: half of them valid, half not, half of them about things that there are."""
        schema = schemathesis.openapi.from_dict(self.everyone.hub.openapi())
        made: list[tuple[str, Case]] = []
        for one in operations(self.everyone.hub):
            if one.is_documented:
                operation = schema[one.path][one.method]
                name = operation.definition.raw["operationId"]
                made += [(name, case) for case in self._examples(operation)]
        return sorted(made, key=lambda case: case[0] in ENDS_ONESELF)

    def _examples(self, operation: Any) -> list[Case]:
        found: list[Case] = []
        modes = [GenerationMode.POSITIVE]
        if can_be_wrong(operation.definition.raw):  # or it would be tried for long
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:

            @seed(SEED)
            @settings(
                max_examples=self.examples,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def collect(case: Case) -> None:
                found.append(case)

            with contextlib.suppress(Unsatisfiable):  # what takes nothing cannot be asked wrongly
                collect()
        for number, case in enumerate(found):
            if number % 2 and isinstance(case.path_parameters, dict):
                known = self.everyone.parameters
                case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        return found

    async def run(self, person: str, cases: list[tuple[str, Case]], canaries: list[str]) -> None:
        """Send all as somebody, and take note of what must not be."""
        client = self.everyone.clients[person]
        for name, case in cases:
            sent = prepared(case)
            body = sent.body.encode() if isinstance(sent.body, str) else sent.body
            headers = {key: value for key, value in sent.headers.items() if key.lower() != "content-length"}
            try:
                request = client.build_request(sent.method, sent.url, content=body, headers=headers)
            except (UnicodeError, httpx2.InvalidURL):
                continue  # no client can send it
            with capture_logs():  # what it says of a defect says the finding, and quicker
                try:
                    answer = await client.send(request, follow_redirects=False)
                except Exception as error:  # noqa: BLE001 -- whatever it is, it is a defect
                    where = traceback.extract_tb(error.__traceback__)[-1]
                    self.findings.append(f"{person}: {name}: {error!r} at {where}\n  {sent.method} {sent.url} {body!r}")
                    continue
            self.sent += 1
            self.statuses.add(answer.status_code)
            asked = f"{sent.url} {body!r} {headers}"
            self.findings += [
                f"{person}: {name}: {what}\n  {sent.method} {asked[:600]}" for what in wrong(case, answer)
            ]
            told = answer.text + str(answer.headers.multi_items())
            leaked = [canary for canary in canaries if canary in told and canary not in asked]
            self.findings += [f"{person}: {name} told {canary}\n  {sent.method} {asked[:600]}" for canary in leaked]


def can_be_wrong(described: dict[str, Any]) -> bool:
    """Tell whether an operation takes anything that can be other than it is to be; any text will do in a path."""
    parameters = described.get("parameters", [])
    return "requestBody" in described or any(
        one["in"] != "path" or one["schema"].get("type") != "string" for one in parameters
    )


def prepared(case: Case) -> requests.PreparedRequest:
    kwargs = case.as_transport_kwargs(base_url="http://localhost:8000")
    allowed = ("method", "url", "headers", "files", "data", "json", "params", "cookies")
    return requests.Request(**{key: value for key, value in kwargs.items() if key in allowed}).prepare()


def wrong(case: Case, answer: httpx2.Response) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    if answer.status_code >= 500 and not (answer.status_code == 503 and case.path == "/health/ready"):
        yield f"answered {answer.status_code}: {answer.text[:300]}"
        return
    if answer.status_code == 405:
        return  # an unspecified method
    try:
        case.validate_response(answer, checks=CHECKS)
    except (AssertionError, ExceptionGroup) as error:
        yield f"answered {answer.status_code}: {str(error)[:400]}"
