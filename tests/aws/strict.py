"""The strict checker: every request and answer of a client held against botocore's own service model."""

from typing import Any

from botocore.client import BaseClient

from sandbox.aws.service_model import answer_problems, may_answer, request_problems

ANY_OPERATION = frozenset(
    {"AccessDenied", "ExpiredToken", "ExpiredTokenException", "Throttling", "UnknownOperationException"}
)
"""Codes that any operation may answer with, modelled nowhere."""


def check_strictly(client: BaseClient, *, requests: bool = True) -> None:
    """Let a client raise AssertionError on anything that AWS's service model does not allow, both ways.

    Without `requests` only answers are checked, for tests that send what is wrong on purpose.
    """
    service = client.meta.service_model.service_name

    def check_request(params: dict[str, Any], model: Any, **_: Any) -> None:
        problems = request_problems(service, model.name, params)
        assert not problems, f"{service} {model.name}: {problems}"

    def check_answer(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        code = parsed.get("Error", {}).get("Code")
        if code:
            assert code in ANY_OPERATION or may_answer(service, model.name, code), f"{model.name} never answers {code}"
            return
        answer = {key: value for key, value in parsed.items() if key != "ResponseMetadata"}
        problems = answer_problems(service, model.name, answer)
        assert not problems, f"answer of {service} {model.name}: {problems}"

    if requests:
        client.meta.events.register_last(f"before-parameter-build.{service}", check_request)
    client.meta.events.register_last(f"after-call.{service}", check_answer)
