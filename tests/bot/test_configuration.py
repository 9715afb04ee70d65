"""The configuration file gives the values it says, quickly, and its schema and example are true."""

import hashlib
import json
import time
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from access.catalogue import Account
from access.durations import AccessDuration, SessionDuration
from access.permission_sets import SetContent, StandardSet
from bot.configuration import (
    Configuration,
    ConfigurationProblems,
    Limits,
    load_configuration,
    read_configuration,
)
from bot.configuration_model import json_schema

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "jitbot.example.yml"
SMALLEST = b"""
slack: {admin_channel: C0ADMINS, audit_channel: G0AUDIT}
aws: {region: eu-west-1, portal_url: "https://example.awsapps.com/start/"}
sso_admins: [Ada@Example.com, ada@example.com]
accounts: [{id: "111122223333", name: prod, owner_channel: C0PROD}]
"""


@pytest.fixture(name="example")
def load_example() -> Configuration:
    """Load the example file."""
    return load_configuration(EXAMPLE)


def test_the_example_loads(example: Configuration) -> None:
    """jitbot.example.yml is right, and gives accounts and sets as the rules know them."""
    assert example.accounts["111122223333"] == Account(
        id="111122223333",
        name="prod-payments",
        owners=("owner@example.com", "S0PAYMENTS"),
        owner_channel="C0PAYMENTS",
        permission_sets=("ReadOnly", "PowerUser"),
        custom_sets=True,
        longest_duration=AccessDuration.WEEK_1,
    )
    assert example.standard_sets["PowerUser"] == StandardSet(name="PowerUser")
    assert example.standard_sets["ReadOnly"].content == SetContent(managed_policies=("ReadOnlyAccess",))
    assert example.sso_admins == ("ada@example.com", "S0SSOADMINS")
    assert example.identities == {"U0123ABCD": "other-address@example.com"}
    assert example.digest == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


def test_what_holds_when_nothing_more_is_said() -> None:
    """Left out: limits, sets, identities, longest duration; addresses become lower case and count once."""
    configuration = read_configuration(SMALLEST)
    assert configuration.limits == Limits(
        lapse_after=timedelta(hours=24),
        remind_after=timedelta(hours=1),
        escalate_after=timedelta(minutes=30),
        announce_before=timedelta(minutes=15),
    )
    assert configuration.sso_admins == ("ada@example.com",)
    assert (configuration.aws.portal_url, configuration.aws.instance_arn) == (
        "https://example.awsapps.com/start",
        None,
    )
    account = configuration.accounts["111122223333"]
    assert (account.owners, account.custom_sets, account.longest_duration) == ((), True, AccessDuration.MONTH_1)
    assert configuration.standard_sets == {}


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("90 minutes", timedelta(minutes=90)),
        ("1 hour", timedelta(hours=1)),
        ("2 Days", timedelta(days=2)),
        ("1 week", timedelta(weeks=1)),
    ],
)
def test_lengths_are_written_in_words(words: str, length: timedelta) -> None:
    """A number and a unit, in the singular or the plural."""
    limits = f"limits: {{lapse_after: 4 weeks, escalate_after: {words}}}\n".encode()
    assert read_configuration(SMALLEST + limits).limits.escalate_after == length


@pytest.mark.parametrize(
    "policy",
    [
        "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: 's3:Get*', Resource: '*'}]}",
        """'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'""",
    ],
)
def test_a_policy_is_a_mapping_or_json(policy: str) -> None:
    """Both give the same JSON; YAML's idea of a date does not get in between."""
    sets = f"permission_sets: [{{name: S3, inline_policy: {policy}, session_duration: 4h}}]\n".encode()
    content = read_configuration(SMALLEST + sets).standard_sets["S3"].content
    assert content is not None
    assert content.session_duration is SessionDuration.HOURS_4
    assert json.loads(content.inline_policy) == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}],
    }


def test_anchors_and_merges_work() -> None:
    """Accounts may share settings, and say their own on top."""
    accounts = b"""
accounts:
  - &base {id: "111122223333", name: prod, owner_channel: C0PROD, custom_sets: true}
  - {<<: *base, id: "444455556666", name: dev}
"""
    found = read_configuration(SMALLEST[: SMALLEST.index(b"accounts:")] + accounts).accounts
    assert found["444455556666"].owner_channel == "C0PROD"
    assert [each.name for each in found.values()] == ["prod", "dev"]


def test_it_makes_the_catalogue(example: Configuration) -> None:
    """Forms search what the file and AWS offer."""
    catalogue = example.catalogue(["ReadOnlyAccess", "PowerUserAccess"])
    found = catalogue.account("PROD-payments")
    assert found is not None
    assert found.id == "111122223333"
    assert catalogue.offers_policy("PowerUserAccess")
    assert not catalogue.offers_policy("AdministratorAccess")


def test_fifteen_hundred_accounts_load_quickly() -> None:
    """A large organisation's file is read in well under a second."""
    entry = """
  - id: "{0:012d}"
    name: account-{0}
    owners: [owner{0}@example.com, S0PAYMENTS]
    owner_channel: C0PAYMENTS
    permission_sets: [ReadOnly, PowerUser]
    custom_sets: true
    longest_duration: 1 week"""
    accounts = "".join(entry.format(number) for number in range(1500))
    content = EXAMPLE.read_text(encoding="utf-8").replace("accounts:", f"accounts:{accounts}", 1).encode()
    begin = time.process_time()
    assert len(read_configuration(content).accounts) == 1502
    assert time.process_time() - begin < 1.5


def test_the_published_schema_is_true() -> None:
    """docs/jitbot.schema.json is what the model says; write it anew with bot.configuration_model.json_schema."""
    assert (ROOT / "docs/jitbot.schema.json").read_text(encoding="utf-8") == json_schema()


def test_editors_accept_the_example_and_refuse_a_mistake() -> None:
    """The schema takes the example file and refuses an unknown setting."""
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    jsonschema.validate(example, schema)
    example["accounts"][0]["ownrs"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(example, schema)


def test_every_setting_is_in_the_example() -> None:
    """A setting that nobody shows is a setting that nobody finds."""
    text = EXAMPLE.read_text(encoding="utf-8")
    schema = json.loads(json_schema())
    parts = [schema, *schema["$defs"].values()]
    assert [name for part in parts for name in part.get("properties", ()) if f"{name}:" not in text] == []


def test_a_missing_file_is_told_in_words(tmp_path: Path) -> None:
    """The words name the file and the example."""
    with pytest.raises(ConfigurationProblems, match=r"jitbot\.example\.yml"):
        load_configuration(tmp_path / "jitbot.yml")
