"""From `/jit request` to `views.open` sent, beside a bare Bolt listener that opens a constant modal."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from access.catalogue import Account, Catalogue
from access.form import RequestForm
from access.permission_sets import SetContent, StandardSet
from aws.managed_policies import offerable, shipped_policies
from blocks.request_form import request_form
from handlers.register import register
from handlers.safely import Handling
from operations.deps import Deps
from slackapi.clients import make_clients
from tests.bench.figures import QuickSlack, Row, milliseconds, percentile
from tests.bench.office import bench_deps

ACCOUNTS = 1500
SETS = 1000
ROUNDS = 400
FIRST = 100_000_000_000
WARM_UP = 20


def big_catalogue() -> Catalogue:
    """Make the catalogue the promise names: 1,500 accounts and 1,000 permission sets."""
    names = tuple(f"Set{number:04d}" for number in range(SETS))
    accounts = {
        f"{number:012d}": Account(
            id=f"{number:012d}",
            name=f"account-{number - FIRST:04d}",
            owners=("bench-owner@example.com",),
            owner_channel="C0OWNERS",
            permission_sets=names,
        )
        for number in range(FIRST, FIRST + ACCOUNTS)
    }
    sets = {name: StandardSet(name=name, content=SetContent(managed_policies=("ReadOnlyAccess",))) for name in names}
    return Catalogue(accounts=accounts, standard_sets=sets, managed_policies=offerable(shipped_policies()))


def _bare(slack: QuickSlack) -> App:
    """Make the rival: a listener that acks and opens a modal that never changes."""
    app = App(client=make_clients("xoxb-bench", slack.url).interactive, token_verification_enabled=False)
    view = request_form(Catalogue(accounts={}, standard_sets={}), RequestForm())

    def open_modal(ack: Ack, client: WebClient, body: dict[str, str]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    app.command("/jit")(open_modal)
    return app


def _ours(slack: QuickSlack, deps: Deps, background: ThreadPoolExecutor) -> App:
    app = App(client=make_clients("xoxb-bench", slack.url).interactive, token_verification_enabled=False)
    register(app, Handling(deps=deps, background=background))
    return app


def _once(app: App, slack: QuickSlack) -> float:
    """Send the command and wait until views.open has arrived; returns seconds."""
    before = len(slack.opened)
    body = {
        "command": "/jit",
        "text": "request account-0042 Set0042 2h INC-12 because",
        "user_id": "U0BENCH",
        "team_id": "T0BENCH",
        "trigger_id": "1.2.3",
    }
    start = time.perf_counter()
    app.dispatch(BoltRequest(mode="socket_mode", body=body))
    while len(slack.opened) == before:
        time.sleep(0.0001)
    return slack.opened[-1] - start


def _pair(bare: App, ours: App, slack: QuickSlack, background: ThreadPoolExecutor) -> tuple[float, float]:
    """Measure both once; the look-up that follows ours has ended before the next pair begins."""
    pair = _once(bare, slack), _once(ours, slack)
    background.submit(lambda: None).result()
    return pair


def measure() -> list[Row]:
    """Measure both in turns."""
    slack = QuickSlack()
    with bench_deps("sqlite:///:memory:", big_catalogue()) as deps:
        background = ThreadPoolExecutor(1)
        bare, ours = _bare(slack), _ours(slack, deps, background)
        pairs = [_pair(bare, ours, slack, background) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    slack.stop()
    rival, own = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratio = median(own) / median(rival)
    figures = f"{ratio:.2f} x ({milliseconds(median(own))} / {milliseconds(median(rival))}; "
    figures += f"p95 {milliseconds(percentile(own, 0.95))} / {milliseconds(percentile(rival, 0.95))})"
    return [
        Row(what="/jit request to views.open, median against a bare listener", measured=figures, promised="<= 1.5 x")
    ]
