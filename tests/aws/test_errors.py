"""What AWS's errors mean, judged by code alone."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    TokenRetrievalError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from aws import error_codes
from aws.errors import FORGOTTEN, AwsTrouble, Busy, NotThere, Refused, classify, classify_failure, translated


def answered(code: str, reason: str = "", status: int = 400) -> ClientError:
    """Make the error that botocore raises for an answer with this code."""
    response = {
        "Error": {"Code": code, "Message": "words of AWS"},
        "Reason": reason,
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "CreateAccountAssignment")  # type: ignore[arg-type]


@pytest.mark.parametrize("code", sorted(error_codes.THROTTLED | error_codes.CONFLICTING))
def test_throttling_and_conflicts_mean_try_later_and_nothing_has_happened(code: str) -> None:
    trouble = classify(answered(code), mutation=True)

    assert isinstance(trouble, Busy)
    assert not trouble.unknown
    assert not trouble.alert


@pytest.mark.parametrize("code", sorted(error_codes.BROKEN))
def test_after_an_internal_error_a_change_may_have_happened(code: str) -> None:
    trouble = classify(answered(code, status=500), mutation=True)

    assert isinstance(trouble, Busy)
    assert trouble.unknown


def test_a_read_that_got_lost_leaves_nothing_unknown() -> None:
    trouble = classify(answered("InternalServerException"), mutation=False)

    assert isinstance(trouble, Busy)
    assert not trouble.unknown


@pytest.mark.parametrize("code", sorted(error_codes.DENIED))
def test_denied_access_and_expired_credentials_alert_somebody_and_are_tried_again(code: str) -> None:
    trouble = classify(answered(code), mutation=True)

    assert isinstance(trouble, Busy)
    assert trouble.alert
    assert not trouble.unknown


@pytest.mark.parametrize("code", sorted(error_codes.INVALID))
def test_an_invalid_request_is_refused_for_good(code: str) -> None:
    trouble = classify(answered(code))

    assert isinstance(trouble, Refused)
    assert "words of AWS" in trouble.words


@pytest.mark.parametrize("code", sorted(error_codes.FULL | error_codes.HUMAN_NEEDED))
def test_a_used_up_quota_is_refused_and_needs_a_human(code: str) -> None:
    trouble = classify(answered(code))

    assert isinstance(trouble, Refused)
    assert trouble.alert


@pytest.mark.parametrize("code", sorted(error_codes.ABSENT))
def test_a_missing_thing_is_told_apart_from_a_refusal(code: str) -> None:
    assert isinstance(classify(answered(code)), NotThere)


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ValidationException", "AccessDeniedException"])
def test_a_kms_key_out_of_reach_is_never_taken_for_a_missing_thing(code: str) -> None:
    """With the instance's customer key gone, "not found" means the key."""
    trouble = classify(answered(code, reason="KMS_NotFoundException"))

    assert isinstance(trouble, Busy)
    assert trouble.alert
    assert "KMS" in trouble.words


def test_the_code_counts_and_not_the_http_status() -> None:
    assert isinstance(classify(answered("ValidationException", status=500)), Refused)
    assert isinstance(classify(answered("ThrottlingException", status=400)), Busy)


def test_an_unheard_of_code_is_tried_later_and_somebody_is_alerted() -> None:
    """Giving up on the unknown would leave access standing."""
    trouble = classify(answered("BrandNewException"), mutation=True)

    assert isinstance(trouble, Busy)
    assert trouble.alert
    assert trouble.unknown


@pytest.mark.parametrize(
    ("error", "unknown", "alert"),
    [
        (ConnectTimeoutError(endpoint_url="http://x"), False, False),
        (EndpointConnectionError(endpoint_url="http://x"), False, False),
        (ReadTimeoutError(endpoint_url="http://x"), True, False),
        (ConnectionClosedError(endpoint_url="http://x"), True, False),
        (ResponseParserError("not JSON"), True, False),
        (NoCredentialsError(), False, True),
        (UnknownServiceError(service_name="x", known_service_names="y"), True, True),
        (TokenRetrievalError(provider="sso", error_msg="expired"), False, True),
    ],
)
def test_only_what_was_sent_can_have_happened(error: Exception, unknown: bool, alert: bool) -> None:  # noqa: FBT001 - a table
    with pytest.raises(Busy) as busy, translated(mutation=True):
        raise error

    assert (busy.value.unknown, busy.value.alert) == (unknown, alert)


def test_a_malformed_request_of_our_own_is_refused_and_alerts() -> None:
    trouble = classify(ParamValidationError(report="Missing required parameter"))

    assert isinstance(trouble, Refused)
    assert trouble.alert


def test_a_bug_of_ours_is_not_dressed_up_as_trouble_with_aws() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError


@pytest.mark.parametrize(
    ("reason", "kind", "alert"),
    [
        (
            "Received a 404 status error: the USER assignee 9f was not found in directory d-1234567890.",
            Refused,
            False,
        ),
        ("Received a 403 status error: Access denied by IAM in account 111122223333.", Refused, True),
        ("Received a 404 status error: Assignment not found.", NotThere, False),
        ("IAM role quota (1,000) reached", Refused, True),
        ("LimitExceeded: Cannot exceed quota for RolesPerAccount", Refused, True),
        ("Received a 404 status error: the account 111122223333 was not found.", Refused, True),
        ("Something entirely new", Busy, True),
        ("", Busy, True),
        (FORGOTTEN, Busy, False),
    ],
)
def test_each_reason_of_a_failure_is_for_good_or_for_later(reason: str, kind: type[AwsTrouble], alert: bool) -> None:  # noqa: FBT001 - a table
    trouble = classify_failure(reason)

    assert type(trouble) is kind
    assert trouble.alert is alert
    assert trouble.words
