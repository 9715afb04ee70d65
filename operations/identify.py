"""Match a person in Slack to exactly one enabled user of Identity Center, ahead of the moment it is needed."""

from access.people import SlackId
from access.policy import must_be_full_member
from access.refusals import CannotTell, Refusal
from access.request import Requester
from aws.errors import AwsTrouble, NoSuchUser
from operations.deps import Deps
from slackapi.errors import LookUpFailed

LONGEST_WAIT = 2.0
"""Seconds a sent form waits for a look-up that is under way; Slack gives it three."""


def identify(deps: Deps, slack_id: SlackId) -> Requester:
    """Look somebody up in Slack and Identity Center and remember the outcome; raises the refusal.

    Only an address that Slack verified, or an explicit mapping, counts; exactly one enabled user must have it.
    """
    try:
        found: Requester | Refusal = _look_up(deps, slack_id)
    except Refusal as refusal:
        found = refusal
    deps.identities.put(slack_id, found)
    if isinstance(found, Refusal):
        raise found
    return found


def known_requester(deps: Deps, slack_id: SlackId) -> Requester:
    """Return the requester from memory, or refuse: a form is never taken in from somebody unknown.

    AWS is never asked here; a look-up that began when the form was opened is given a moment to end.
    """
    found = deps.identities.get(slack_id, LONGEST_WAIT)
    if found is None:
        raise CannotTell("We are still finding out who you are in AWS.", "Press Send request again in a few seconds.")
    if isinstance(found, Refusal):
        raise found.with_traceback(None)  # remembered: each raise would otherwise add its frames, and keep them
    return found


def _look_up(deps: Deps, slack_id: SlackId) -> Requester:
    try:
        person = deps.people.person(slack_id)
        must_be_full_member(person)
        email = deps.email_of(slack_id, person.email)
        if not email:
            raise CannotTell(
                "Slack shows no verified e-mail address for you, so we cannot find you in AWS.",
                "Confirm your address in Slack, or ask your platform team to map you in the configuration.",
            )
        user = deps.directory.user_by_email(email)
    except LookUpFailed as failure:
        raise CannotTell(f"Slack did not tell us who you are ({failure}).", "Try again in a minute.") from failure
    except NoSuchUser as missing:
        raise CannotTell(str(missing), "Ask your platform team to look at your user in Identity Center.") from missing
    except AwsTrouble as failure:
        raise CannotTell("AWS did not answer when we looked you up.", "Try again in a minute.") from failure
    return Requester(slack_id=slack_id, name=person.name, email=email, principal_id=user.id)
