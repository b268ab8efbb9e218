"""The part of OpenFGA's HTTP API that is used here: https://openfga.dev/api/service."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2

from hothouse.access.errors import AccessUndecided

ANSWER_SECONDS = 3.0
LIST_SECONDS = 30.0
PAGE = 100
BATCH = 50
FRESH = {"consistency": "HIGHER_CONSISTENCY"}
"""What the server remembers of earlier answers is not used: what was taken away has to be gone at once."""


class OpenFgaClient:
    """Asks one store. Every method raises `AccessUndecided` when there is no answer, or none that can be used."""

    def __init__(self, url: str, store_id: str, token: str | None) -> None:
        self._base = f"{url.rstrip('/')}/stores/{store_id}"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http: httpx2.AsyncClient | None = None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def ping(self) -> None:
        """Return if the store is there."""
        await self._ask("GET", "")

    async def newest_model(self) -> dict[str, Any] | None:
        """Return the authorization model that was written last; None if there is none."""
        models = (await self._ask("GET", "/authorization-models?page_size=1")).get("authorization_models") or []
        newest: dict[str, Any] | None = models[0] if models else None
        return newest

    async def write_model(self, model: dict[str, Any]) -> str:
        """Write a model and return its id."""
        return str((await self._ask("POST", "/authorization-models", model))["authorization_model_id"])

    async def write(self, model_id: str, deletes: Sequence[dict[str, Any]], writes: Sequence[dict[str, Any]]) -> None:
        """Remove and add tuples in one transaction; what is so already stays so. At most 100 in all."""
        body: dict[str, Any] = {"authorization_model_id": model_id}
        if deletes:
            body["deletes"] = {"tuple_keys": list(deletes), "on_missing": "ignore"}
        if writes:
            body["writes"] = {"tuple_keys": list(writes), "on_duplicate": "ignore"}
        await self._ask("POST", "/write", body)

    async def everything(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the keys of all tuples, with their conditions."""
        token = ""
        while True:
            page = await self._ask("POST", "/read", {"page_size": PAGE, "continuation_token": token})
            for found in page.get("tuples") or []:
                yield found["key"]
            token = page.get("continuation_token") or ""
            if not token:
                return

    async def check(self, question: dict[str, Any], model_id: str) -> bool:
        answer = await self._ask("POST", "/check", {"authorization_model_id": model_id, **FRESH, **question})
        return answer.get("allowed") is True

    async def check_all(self, questions: Sequence[dict[str, Any]], model_id: str) -> list[bool]:
        """Answer several questions, in their order. A question that fails is one that is not answered."""
        answers: list[bool] = []
        for start in range(0, len(questions), BATCH):
            asked = questions[start : start + BATCH]
            checks = [{**question, "correlation_id": str(number)} for number, question in enumerate(asked)]
            body = {"authorization_model_id": model_id, **FRESH, "checks": checks}
            result = (await self._ask("POST", "/batch-check", body)).get("result") or {}
            for number in range(len(asked)):
                one = result.get(str(number)) or {}
                if one.get("error"):
                    raise AccessUndecided(f"it could not answer: {one['error'].get('message', 'no reason given')}")
                answers.append(one.get("allowed") is True)
        return answers

    async def objects(self, question: dict[str, Any], model_id: str) -> list[str]:
        """List the objects of a type to which a user has a relation; streamed, so that no limit cuts it off."""
        body = {"authorization_model_id": model_id, **FRESH, **question}
        found = []
        text = await self._text("POST", "/streamed-list-objects", body, LIST_SECONDS)
        for line in text.splitlines():
            answer = _parsed(line) if line.strip() else {}
            if answer.get("error"):
                raise AccessUndecided(f"it could not answer: {answer['error'].get('message', 'no reason given')}")
            if "result" in answer:
                found.append(str(answer["result"]["object"]))
        return found

    async def users(self, question: dict[str, Any], model_id: str) -> list[dict[str, Any]]:
        """List the users that have a relation to an object."""
        body = {"authorization_model_id": model_id, **FRESH, **question}
        users: list[dict[str, Any]] = (await self._ask("POST", "/list-users", body, LIST_SECONDS)).get("users") or []
        return users

    async def _ask(self, method: str, path: str, body: Any = None, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        return _parsed(await self._text(method, path, body, seconds))

    async def _text(self, method: str, path: str, body: Any, seconds: float) -> str:
        if self._http is None:
            trust = httpx2.create_ssl_context()  # also of authorities that the environment names, but no proxy of its
            self._http = httpx2.AsyncClient(headers=self._headers, timeout=None, verify=trust, trust_env=False)
        try:
            async with asyncio.timeout(seconds):
                answer = await self._http.request(method, self._base + path, json=body)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            raise AccessUndecided("it cannot be reached") from error
        if answer.is_error:
            raise AccessUndecided(f"it answered {answer.status_code}: {answer.text[:200]}")
        return answer.text


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError as error:
        raise AccessUndecided("its answer is no JSON") from error
    if not isinstance(found, dict):
        raise AccessUndecided("its answer is no object")
    return found
