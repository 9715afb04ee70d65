"""Each mistake in the configuration file is told with its line and its mend, and all of them at once."""

import pytest

from bot.configuration import ConfigurationProblems, read_configuration

GOOD = """\
slack: {admin_channel: C0ADMINS, audit_channel: C0AUDIT}
aws: {region: eu-west-1, portal_url: "https://example.awsapps.com/start"}
sso_admins: [ada@example.com]
accounts:
  - id: "111122223333"
    name: prod
    owners: [owner@example.com]
    owner_channel: C0PROD
    permission_sets: [ReadOnly]
permission_sets:
  - name: ReadOnly
    managed_policies: [ReadOnlyAccess]
limits: {lapse_after: 24 hours}
identities: {U0123ABCD: other@example.com}
"""
TOO_LONG = (
    '{Version: "2012-10-17", Statement: {Effect: Allow, Action: "*", Resource: "arn:aws:s3:::' + "x" * 10_240 + '"}}'
)
CASES = [
    # what stands in the good file, what stands there instead, the line, the words
    ("audit_channel", "audt_channel", 1, "slack.audt_channel: there is no such setting. Did you mean audit_channel?"),
    ("C0ADMINS", "'#admins'", 1, "slack.admin_channel: '#admins' is no channel id: write the id, such as C0123ABCD"),
    (", audit_channel: C0AUDIT", "", 1, "slack.audit_channel: it is missing: write audit_channel: C0AUDIT"),
    ("{admin_channel: C0ADMINS, audit_channel: C0AUDIT}", "[]", 1, "slack: it must be a mapping of settings."),
    ("eu-west-1", "Ireland", 2, "aws.region: 'Ireland' is no AWS region"),
    ("https://", "ftp://", 2, "aws.portal_url: 'ftp://example.awsapps.com/start' is no portal"),
    ("region: eu", "instance_arn: x, region: eu", 2, "aws.instance_arn: 'x' is no Identity Center instance"),
    ("[ada@example.com]", "[ada]", 3, "sso_admins[0]: 'ada' is nobody: write an e-mail address"),
    ("[ada@example.com]", "['@admins']", 3, "sso_admins[0]: '@admins' is nobody"),
    ("[ada@example.com]", "[U0123ABCD]", 3, "sso_admins[0]: U0123ABCD is a person's Slack id: write their e-mail"),
    ("[ada@example.com]", "ada@example.com", 3, "sso_admins: it must be a list"),
    ("[ada@example.com]", "[]", 3, "sso_admins: nobody is named, and custom sets need an SSO admin"),
    ("sso_admins: [ada@example.com]\n", "", 1, "sso_admins: nobody is named"),
    ("sso_admins", "sso-admins", 3, "sso-admins: there is no such setting. Did you mean sso_admins?"),
    ('"111122223333"', "111122223333", 5, 'without quotes YAML reads a number: write "111122223333" in quotes.'),
    ('"111122223333"', "011122223333", 5, 'in base 8, because of its leading 0: write "011122223333" in quotes.'),
    ('"111122223333"', '"1111-2222-3333"', 5, "accounts[0].id: '1111-2222-3333' is no AWS account id"),
    ('"111122223333"', "", 5, "accounts[0].id: it must be one piece of text."),
    (
        '"111122223333"',
        '"111122223333"\n    id: "444455556666"',
        6,
        "accounts[0].id: this stands twice, first in line 5",
    ),
    ("name: prod\n", "name: yes\n", 6, 'accounts[0].name: it must be text: write "yes" in quotes.'),
    ("name: prod\n", "name: ''\n", 6, "accounts[0].name: it must not be empty."),
    ("name: prod\n", f"name: {'x' * 61}\n", 6, "accounts[0].name: it must have at most 60 characters."),
    ("owners:", "ownrs:", 7, "accounts[0].ownrs: there is no such setting. Did you mean owners?"),
    ("owners:", "flavour:", 7, "accounts[0].flavour: there is no such setting. Settings here: id, name, owners"),
    ("owner_channel: C0PROD", "owner_channel: prod", 8, "accounts[0].owner_channel: 'prod' is no channel id"),
    ("[ReadOnly]", "[ReadOny]", 9, "no permission set is named ReadOny. Did you mean ReadOnly?"),
    ("[ReadOnly]", "[Nothing]", 9, "no permission set is named Nothing: define it under permission_sets."),
    ("[ReadOnly]", "[ReadOnly, ReadOnly]", 9, "accounts[0].permission_sets[1]: ReadOnly stands twice in this list"),
    ("[ReadOnly]", "[]\n    custom_sets: false", 5, "accounts[0]: nothing can be asked for here"),
    ("[ReadOnly]", "[ReadOnly]\n    custom_sets: maybe", 10, "accounts[0].custom_sets: it must be true or false."),
    (
        "[ReadOnly]",
        "[ReadOnly]\n    longest_duration: 3 hours",
        10,
        "'3 hours' is none of the durations: write 1 hour,",
    ),
    ("name: ReadOnly", "name: JIT-ReadOnly", 11, "names that start with JIT- belong to custom sets"),
    ("name: ReadOnly", "name: jit-ReadOnly", 11, "names that start with JIT- belong to custom sets"),
    ("name: ReadOnly", f"name: {'R' * 33}", 11, "AWS takes at most 32 characters; this has 33."),
    ("name: ReadOnly", "name: Read Only", 11, "'Read Only' is no name for AWS"),
    (
        "name: ReadOnly",
        "name: ReadOnly\n    existing: true",
        12,
        "a set found in AWS is not defined here: remove managed",
    ),
    ("[ReadOnlyAccess]", "[]", 11, "permission_sets[0]: this set gives nothing: add managed_policies"),
    (
        "ReadOnlyAccess",
        "arn:aws:iam::aws:policy/job-function/X",
        12,
        "write the policy's name, not its ARN: job-function/X",
    ),
    ("ReadOnlyAccess", "Read Only", 12, "permission_sets[0].managed_policies[0]: 'Read Only' is no AWS managed policy"),
    ("[ReadOnlyAccess]", f"[{', '.join('abcdefghijk')}]", 12, "managed_policies: it must have at most 10 entries."),
    ("managed_policies: [ReadOnlyAccess]", "inline_policy: '{'", 12, "inline_policy: The policy is not JSON"),
    ("managed_policies: [ReadOnlyAccess]", "inline_policy: [1]", 12, "inline_policy: write the policy as a mapping"),
    (
        "managed_policies: [ReadOnlyAccess]",
        "inline_policy: {a: 1}",
        12,
        "it has Version, Id and Statement",
    ),
    ("managed_policies: [ReadOnlyAccess]", """inline_policy: '{"a": 1, "a": 2}'""", 12, 'The key "a" stands twice'),
    ("[ReadOnlyAccess]", f"[x]\n    inline_policy: {TOO_LONG}", 13, "at most 10,240 fit"),
    ("[ReadOnlyAccess]", "[x]\n    session_duration: 3 hours", 13, "'3 hours' is none of the session durations"),
    (
        "[ReadOnlyAccess]",
        "[x]\n  - {name: readonly, existing: true}",
        13,
        "readonly stands twice, first in permission_",
    ),
    ("24 hours", "24", 13, "limits.lapse_after: 24 is no length of time: write a number and a unit"),
    ("24 hours", "1:30", 13, "limits.lapse_after: 90 is no length of time"),
    ("24 hours", "0 hours", 13, "limits.lapse_after: '0 hours' is no length of time"),
    ("24 hours", "1 hour", 13, "limits.remind_after: nobody would be reminded, for requests lapse after 1:00:00"),
    ("24 hours", "24 hours, escalate_after: 2 days", 13, "limits.escalate_after: nothing would escalate"),
    (
        "24 hours",
        "24 hours, announce_before: 1 hour",
        13,
        "it must be shorter than the shortest access duration, 1 hour",
    ),
    ("U0123ABCD", "ada", 14, "identities.ada: 'ada' is no person's Slack id"),
    ("other@example.com", "other", 14, "identities.U0123ABCD: 'other' is no e-mail address"),
    ("{U0123ABCD: other@example.com}", "[]", 14, "identities: it must be a mapping, such as {U0123ABCD: ada@"),
    ("other@example.com}", "a@x.io, U9XYZ: A@x.io}", 14, "A@x.io is already the identity of U0123ABCD"),
    ("slack: {", "slack: !secret {", 1, "slack: the tag !secret has no meaning here"),
    ("  - id:", "  - id: [", 6, "this is not YAML"),
    ("accounts:\n", "accounts: &all\n  - *all\n", 4, "nested too deeply; does an alias contain itself?"),
    ("  - id:", "  - [a]: b\n    id:", 5, "a setting's name must be a word."),
]


def problems(content: str | bytes) -> list[str]:
    """Read a file and return its problems."""
    with pytest.raises(ConfigurationProblems) as caught:
        read_configuration(content.encode() if isinstance(content, str) else content)
    return caught.value.problems


def test_the_good_file_is_good() -> None:
    """Every case below differs from a file without a mistake."""
    assert read_configuration(GOOD.encode()).accounts


@pytest.mark.parametrize(("right", "wrong", "line", "words"), CASES)
def test_a_mistake_is_told(right: str, wrong: str, line: int, words: str) -> None:
    """The problem names the line, the setting and the mend."""
    assert right in GOOD
    told = problems(GOOD.replace(right, wrong, 1))
    assert any(each.startswith(f"jitbot.yml:{line}: ") and words in each for each in told), "\n".join(told)


@pytest.mark.parametrize("right", ["audit_channel", "owners:", "sso_admins", "accounts:", "permission_sets:\n"])
def test_a_misspelt_setting_is_one_problem(right: str) -> None:
    """What follows from the misspelling is not told as well."""
    wrong = right.replace("s", "z", 1) if "s" in right else right.replace("audit", "audti")
    assert len(problems(GOOD.replace(right, wrong, 1))) == 1


def test_a_second_account_with_the_same_id_or_name_is_told() -> None:
    """Two accounts cannot be told apart by people or by the bot."""
    second = '  - {id: "111122223333", name: PROD, owner_channel: C0X, permission_sets: [ReadOnly]}\n'
    told = problems(GOOD.replace("permission_sets:\n  - name", second + "permission_sets:\n  - name"))
    assert told == [
        "jitbot.yml:10: accounts[1].id: 111122223333 stands twice, first in accounts[0]: remove one of them.",
        "jitbot.yml:10: accounts[1].name: PROD stands twice, first in accounts[0]: remove one of them.",
    ]


def test_an_account_that_nobody_can_decide_for_is_told() -> None:
    """Without owners and without SSO admins every request would lapse."""
    lonely = GOOD.replace("[ada@example.com]", "[]").replace("[owner@example.com]", "[]\n    custom_sets: false")
    assert problems(lonely) == [
        "jitbot.yml:5: accounts[0]: nobody can decide here: name owners, or sso_admins for all accounts."
    ]


def test_owners_alone_are_enough_for_standard_sets() -> None:
    """Where no custom sets are allowed, no SSO admin is needed."""
    alone = GOOD.replace("sso_admins: [ada@example.com]\n", "").replace(
        "[ReadOnly]\n", "[ReadOnly]\n    custom_sets: false\n", 1
    )
    assert read_configuration(alone.encode()).sso_admins == ()


def test_no_accounts_are_one_problem() -> None:
    """An empty list says nothing that could be asked for."""
    cut = GOOD[: GOOD.index("accounts:")] + "accounts: []\n"
    assert problems(cut) == ["jitbot.yml:4: accounts: the list is empty: name at least one account."]


def test_every_mistake_is_told_at_once_in_the_order_of_lines() -> None:
    """Wrong values, unknown settings and contradictions come together."""
    wrong = GOOD
    for right, mistake in (
        ("eu-west-1", "x"),
        ("name: prod\n", "nme: prod\n"),
        ("24 hours", "1 hour"),
        ("C0PROD", "p"),
    ):
        wrong = wrong.replace(right, mistake, 1)
    lines = [int(each.split(":")[1]) for each in problems(wrong)]
    assert lines == [2, 6, 8, 13]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"- 1\n", "it must be a mapping of settings."),
        (b"\xff\xfe\x00", "this is not text in UTF-8"),
        (b"a: \x00\n", "this is not text in UTF-8"),
        (b"a: 1\n---\nb: 2\n", "this is not YAML"),
        (b"slack:\n\tadmin_channel: C0X\n", "this is not YAML"),
    ],
)
def test_what_is_no_configuration_at_all_is_told(content: bytes, words: str) -> None:
    """Whatever the file holds, the answer is words and no stack trace."""
    assert any(words in each for each in problems(content))


def test_a_byte_order_mark_does_no_harm() -> None:
    """Some editors write one."""
    assert read_configuration(b"\xef\xbb\xbf" + GOOD.encode()).accounts
