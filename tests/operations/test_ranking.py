"""Removals of what reaches far are told from the others, whoever defined the set."""

from dataclasses import dataclass, replace

import pytest

from access.catalogue import Catalogue
from access.permission_sets import RequestedSet, SetKind, StandardSet
from access.session import SessionStatus
from operations.deps import Deps
from operations.end import end_session_early
from operations.ranking import reaches_far
from storage.outbox import Lane
from tests.access.given import MINUTE, RITA, a_catalogue, a_content, a_custom_set, a_form, a_request
from tests.operations.company import IN_AWS, Company

ALL = '{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
SOME = '{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
KEPT = StandardSet(name="Everything", content=a_content(managed_policies=("AdministratorAccess",)))


@dataclass(frozen=True)
class OnlyCatalogue:
    """Dependencies of which nothing but the catalogue is asked."""

    found: Catalogue

    def catalogue(self) -> Catalogue:
        return self.found


def standard(name: str) -> RequestedSet:
    return RequestedSet(kind=SetKind.STANDARD, name=name)


@pytest.mark.parametrize(
    ("asked", "far"),
    [
        (standard("ReadOnly"), False),
        (standard("Everything"), True),
        (standard("AdministratorAccess"), True),
        (standard("PowerUser"), False),
        (standard("Vanished"), False),
        (a_custom_set(), False),
        (a_custom_set(content=a_content(managed_policies=("ReadOnlyAccess", "IAMFullAccess"))), True),
        (a_custom_set(content=a_content(inline_policy=ALL)), True),
        (a_custom_set(content=a_content(inline_policy=SOME)), False),
        (a_custom_set(name="AdministratorAccess"), False),
    ],
)
def test_what_reaches_far_is_known_by_its_policies_or_its_name(asked: RequestedSet, far: bool) -> None:  # noqa: FBT001 - a table
    catalogue = a_catalogue()
    catalogue = replace(catalogue, standard_sets={**catalogue.standard_sets, KEPT.name: KEPT})
    deps: Deps = OnlyCatalogue(catalogue)  # type: ignore[assignment]
    assert reaches_far(deps, replace(a_request(), permission_set=asked)) is far


def test_what_reaches_far_is_removed_before_what_was_ordered_earlier(company: Company) -> None:
    """Two sessions are ended; the removal of the set that gives everything is claimed first."""
    account = company.catalogue.accounts["111122223333"]
    company.use_account(replace(account, permission_sets=(*account.permission_sets, KEPT.name)))
    company.catalogue = replace(company.catalogue, standard_sets={**company.catalogue.standard_sets, KEPT.name: KEPT})
    harmless, powerful = company.active(None, *IN_AWS), company.active(a_form(set_name=KEPT.name), *IN_AWS)
    end_session_early(company.deps, harmless.id, RITA.slack_id)
    company.clock.move(MINUTE)
    end_session_early(company.deps, powerful.id, RITA.slack_id)

    [first] = company.claim(Lane.REVOKE)

    assert first.effect.arguments == {"session": company.session(powerful).id}
    assert company.session(harmless).status is SessionStatus.REVOKING
