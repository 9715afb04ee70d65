"""Inline policies: read strictly, refused in words, written canonically."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.iam.aws_managed_policies import aws_managed_policies_data

from aws.policy_document import LONGEST_POLICY, PolicyProblems, parse_policy, policy_size
from aws.policy_statement import OPERATORS

STATEMENT: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def policy(*statements: Any, **top: Any) -> str:
    """Write a policy with these statements, one good one unless told otherwise."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements) or [STATEMENT], **top})


def with_(**changes: Any) -> str:
    """Write a policy whose one statement has these changes; None takes a key away."""
    changed = {key: value for key, value in {**STATEMENT, **changes}.items() if value is not None}
    return policy(changed)


def problems(text: str, *, reserve: int = 0) -> tuple[str, ...]:
    """Return what is said about a policy that must be refused."""
    with pytest.raises(PolicyProblems) as refused:
        parse_policy(text, reserve=reserve)
    return refused.value.problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The policy is not JSON: Expecting value (line 1, column 1)."),
        ("{'Version': 1}", "The policy is not JSON: Expecting property name enclosed in double quotes"),
        (policy() + "}", "Extra data"),
        ("[]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ("[" * 5000, "too many brackets"),
        (policy().replace('"Effect": "Allow"', '"Effect": "Allow", "Effect": "Deny"'), 'The key "Effect" stands twice'),
        (policy().replace('"*"', "NaN"), "NaN is not a JSON value"),
        (policy().replace('"*"', "-Infinity"), "-Infinity is not a JSON value"),
        (policy().replace('"*"', "1e999"), "1e999 is too large a number"),
        (policy().replace('"*"', "9" * 5000), "not JSON"),
        (policy().replace("s3:GetObject", "s3:Get\u041ebject"), "the character U+041E"),
        (policy().replace("s3:GetObject", "s3:Get\\u041ebject"), "U+041E, written as an escape"),
        (policy().replace("s3:GetObject", "s3:\\u0000Get"), "U+0000, written as an escape"),
        (policy().replace("s3:GetObject", "s3:\\ud800Get"), "U+D800, written as an escape"),
        ("\ufeff" + policy(), "U+FEFF"),
        (policy(Principal="*"), '"Principal" is not a key of a policy'),
        (policy(version="2012-10-17"), '"version" is not a key of a policy'),
        (policy(Version="2008-10-17"), 'needs "Version": "2012-10-17"'),
        (json.dumps({"Statement": [STATEMENT]}), 'needs "Version": "2012-10-17"'),
        (policy(Id=7), '"Id" must be a string'),
        (json.dumps({"Version": "2012-10-17"}), "at least one statement"),
        (policy(Statement=[]), "at least one statement"),
        (policy("Allow"), "Statement 1: it must be a JSON object."),
        (with_(Principal="*"), '"Principal" is not a key of a statement'),
        (with_(effect="Allow"), '"effect" is not a key of a statement'),
        (with_(Effect="allow"), 'exactly "Allow" or "Deny"'),
        (with_(Effect=None), 'exactly "Allow" or "Deny"'),
        (with_(Effect=["Allow"]), 'exactly "Allow" or "Deny"'),
        (with_(Sid="with space"), '"Sid" takes letters and digits only'),
        (with_(Sid=7), '"Sid" takes letters and digits only'),
        (with_(Sid="JitExpiry"), "reserved for jitbot"),
        (with_(Sid="JitGuard1042"), "reserved for jitbot"),
        (
            policy({**STATEMENT, "Sid": "Same"}, {**STATEMENT, "Sid": "Same"}),
            'Statement 2: The Sid "Same" stands twice',
        ),
        (with_(Action=None), 'either "Action" or "NotAction"'),
        (with_(NotAction="s3:*"), 'either "Action" or "NotAction"'),
        (with_(Resource=None), 'either "Resource" or "NotResource"'),
        (with_(NotResource="*"), 'either "Resource" or "NotResource"'),
        (with_(Action=[]), '"Action" must be a string or a list of strings'),
        (with_(Action=""), '"Action" must be a string or a list of strings'),
        (with_(Action=["s3:*", 7]), '"Action" must be a string or a list of strings'),
        (with_(Resource={"a": 1}), '"Resource" must be a string or a list of strings'),
        (with_(Action="GetObject"), 'the action "GetObject" must be written as service:Action'),
        (with_(Action="s3:"), "must be written as service:Action"),
        (with_(Action="s3:Get Object"), "must be written as service:Action"),
        (with_(Resource="bucket"), 'the resource "bucket" must be an ARN or "*"'),
        (with_(Resource="arn:aws:s3"), "must be an ARN"),
        (with_(Resource=["*", "**"]), 'the resource "**" must be an ARN'),
        (with_(Condition="never"), '"Condition" must be a JSON object'),
        (with_(Condition={"StringEqual": {"aws:x": "y"}}), '"StringEqual" is not a condition operator'),
        (with_(Condition={"NullIfExists": {"aws:x": "true"}}), '"NullIfExists" is not a condition operator'),
        (with_(Condition={"Bool": {}}), 'the condition "Bool" needs condition keys'),
        (with_(Condition={"Bool": "true"}), 'the condition "Bool" needs condition keys'),
        (with_(Condition={"Bool": {"aws:x": None}}), 'the condition key "aws:x" needs a value'),
        (with_(Condition={"Bool": {"aws:x": {"y": 1}}}), 'the condition key "aws:x" needs a value'),
        (with_(Condition={"StringEquals": {"aws:x": []}}), 'the condition key "aws:x" needs a value'),
        (" " * 40_000, "AWS takes 32,768"),
    ],
)
def test_a_bad_policy_is_refused_in_words(text: str, words: str) -> None:
    assert words in " ".join(problems(text))


def test_an_unfit_character_is_named_once() -> None:
    written = policy({**STATEMENT, "Resource": "arn:aws:s3:::x"}).replace(":x", ":\u041e")

    assert problems(written) == ("The policy holds the character U+041E: AWS takes only Latin-1 characters.",)
    assert problems(with_(Condition={"Bool": {"aws:\u041e": "true"}})) == (
        "The policy holds the character U+041E, written as an escape.",
    )


def test_all_problems_are_said_at_once() -> None:
    text = policy({"Effect": "Perhaps", "Action": "x", "Resource": "y"}, Version="1")

    assert len(problems(text)) == 4


def test_a_long_list_of_problems_is_cut_in_what_is_shown() -> None:
    text = policy(*[{**STATEMENT, "Action": f"bad{number}"} for number in range(30)])

    with pytest.raises(PolicyProblems) as refused:
        parse_policy(text)
    assert len(refused.value.problems) == 30
    assert str(refused.value).endswith("And 24 more.")


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": ["s3:*", "*", "ec2:Describe?nstances"]},
        {"Action": None, "NotAction": ["iam:*"]},
        {"Resource": ["arn:aws:s3:::bucket/${aws:username}/*", "arn:aws-us-gov:iam::111122223333:role/x"]},
        {"Resource": "arn:*:kms:*:*:key/*"},
        {"Resource": None, "NotResource": "arn:aws:s3:::bucket"},
        {"Sid": "Read0nly"},
        {"Effect": "Deny"},
        {"Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a", "b"]}}},
        {
            "Condition": {
                "Bool": {"aws:MultiFactorAuthPresent": True},
                "NumericLessThan": {"aws:MultiFactorAuthAge": 60},
            }
        },
        {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
    ],
)
def test_a_good_policy_is_taken_as_it_is(changes: dict[str, Any]) -> None:
    text = with_(**changes)

    assert json.loads(parse_policy(text)) == json.loads(text)


def test_the_canonical_form_is_set_out_over_lines_in_the_order_of_the_grammar() -> None:
    statement = '{"Resource": "*",\n "Action": "s3:Get*", "Sid": "A", "Effect": "Allow"}'
    text = f'{{ "Statement": {statement}, "Version": "2012-10-17" }}'

    assert parse_policy(text).splitlines() == [
        "{",
        '  "Version": "2012-10-17",',
        '  "Statement": [',
        "    {",
        '      "Sid": "A",',
        '      "Effect": "Allow",',
        '      "Action": "s3:Get*",',
        '      "Resource": "*"',
        "    }",
        "  ]",
        "}",
    ]


def test_no_character_of_the_canonical_form_can_hide() -> None:
    hidden = "arn:aws:s3:::caf\u00e9"

    canonical = parse_policy(with_(Resource=hidden))

    assert canonical.isascii()
    assert json.loads(canonical)["Statement"][0]["Resource"] == hidden


@pytest.mark.parametrize(("length", "fits"), [(0, True), (1, False)])
def test_the_limit_is_10240_bytes_without_white_space(length: int, fits: bool) -> None:  # noqa: FBT001 - a table
    empty = policy_size(parse_policy(with_(Resource="arn:aws:s3:::")))
    text = with_(Resource="arn:aws:s3:::" + "x" * (LONGEST_POLICY - empty + length))

    if fits:
        assert policy_size(parse_policy(text)) == LONGEST_POLICY
    else:
        assert "10,241 bytes without white space; at most 10,240 fit" in problems(text)[0]


def test_bytes_are_counted_and_not_characters() -> None:
    assert policy_size("\u00e9 \t\n\u00e9") == 4


def test_room_is_kept_for_a_statement_that_the_bot_adds() -> None:
    size = policy_size(parse_policy(policy()))

    assert parse_policy(policy(), reserve=LONGEST_POLICY - size)
    assert "at most" in problems(policy(), reserve=LONGEST_POLICY - size + 1)[0]


def test_every_policy_that_aws_itself_offers_is_good() -> None:
    """AWS's own policies are the best examples there are; only those too long for an inline policy are refused."""
    documents = json.loads(aws_managed_policies_data).values()
    texts = [text for each in documents if len(text := json.dumps(each["Document"])) < LONGEST_POLICY]

    assert len(texts) > 1000
    for text in texts:
        canonical = parse_policy(text)
        assert parse_policy(canonical) == canonical


letters = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFF), min_size=1, max_size=20)
actions = st.from_regex(r"[a-z0-9-]{1,12}:[A-Za-z*?]{1,12}", fullmatch=True) | st.just("*")
resources = letters.map(lambda text: f"arn:aws:s3:::{text}") | st.just("*")
conditions = st.dictionaries(
    st.sampled_from(sorted(OPERATORS)),
    st.dictionaries(
        letters, letters | st.lists(letters, min_size=1, max_size=3) | st.booleans(), min_size=1, max_size=2
    ),
    max_size=2,
)
statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": actions | st.lists(actions, min_size=1, max_size=3),
        "Resource": resources | st.lists(resources, min_size=1, max_size=3),
    },
    optional={"Condition": conditions},
)


@given(st.lists(statements, min_size=1, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_the_canonical_form_means_the_same_and_is_its_own_canonical_form(
    made: list[Any],
    indent: int | None,
    ascii_only: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    """However a policy is written, approvers see and AWS receives one and the same text for it."""
    document = {"Version": "2012-10-17", "Statement": made}

    canonical = parse_policy(json.dumps(document, indent=indent, ensure_ascii=ascii_only))

    assert json.loads(canonical) == document
    assert parse_policy(canonical) == canonical


@given(st.text(max_size=200) | st.recursive(st.none() | st.booleans() | letters, st.lists).map(json.dumps))
def test_no_text_whatever_makes_the_parser_stumble(text: str) -> None:
    """Whatever is no policy is refused in sentences."""
    assert all(each.endswith(".") for each in problems(text))
