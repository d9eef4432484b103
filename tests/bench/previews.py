"""What an edit of the mapping files would change, looked at with 100,000 requests in the store: how long until it is
there, and how long the server takes for each answer meanwhile: `python -m tests.bench.previews`.
"""

import re
import statistics
import tempfile
import time
from html import unescape
from pathlib import Path
from shutil import copytree, ignore_patterns

from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from plugin.mappings.watched import Watched
from plugin.settings import Settings
from plugin.store import open_store, people
from plugin.store.people import Role
from tests.bench.pages import LIMIT_MS, ROUNDS, filled, measured
from tests.road.house import house
from webhooks import create_app
from webhooks.admin import Desk
from webhooks.admin.drafts import LAST

FILE = "tiers.yaml"
CHANGED = ("within: 8 h", "within: 7 h")
ASK_AGAIN = 0.6
"""Seconds after which the page asks again (`mappings.js`)."""

LONGEST = 120.0


def main() -> None:
    """Print the figures; fail where an answer takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'previews.sqlite3'}")
        store.migrate()
        # Without examples, which would have to be edited as well.
        mappings = copytree("mappings", Path(folder) / "mappings", ignore=ignore_patterns("examples"))
        with house(store) as home:
            home.raised()
            home.settle()
            filled(home)
            home.clock.advance(minutes=3)
            settings = Settings(webhook_secrets=(SecretStr("between-us"),), port=0, mappings_dir=str(mappings))
            desk = Desk(settings, store, Watched(mappings).current, home.pause, home.clock)
            client = create_app(settings, store, desk=desk).test_client()
            with store.writing() as tx:
                token = people.sign_in(tx, "Nora Quist", Role.ADMIN, home.clock())
            with client.session_transaction(base_url="http://localhost/admin/") as session:
                session["held"] = token
            slowest = _figures(client)
        store.close()
    if slowest > LIMIT_MS:
        raise SystemExit(f"An answer took {slowest:.0f} ms; at most {LIMIT_MS} ms is wanted.")


def _figures(client: FlaskClient) -> float:
    """Print them; the slowest of the medians."""
    slowest = 0.0
    for path in ("/admin/mappings", f"/admin/mappings/{FILE}", f"/admin/mappings/edit/{FILE}"):
        took, _, weight = measured(client, path)
        slowest = max(slowest, statistics.median(took))
        print(f"{path:32} {statistics.median(took):6.1f} ms in the middle, {max(took):6.1f} at most, {weight:4} KB")
    page = client.get(f"/admin/mappings/edit/{FILE}?as=text", base_url="http://localhost")
    form = _form(page)
    took = [_posted(client, "problems", form)[1] for _ in range(ROUNDS)]
    slowest = max(slowest, statistics.median(took))
    print(f"{'problems, while typing':32} {statistics.median(took):6.1f} ms in the middle, {max(took):6.1f} at most")
    for last in LAST:
        begun, answers = time.perf_counter(), []
        while time.perf_counter() - begun < LONGEST:
            answer, milliseconds = _posted(client, "preview", {**form, "last": str(last)})
            answers.append(milliseconds)
            if 'name="seal"' in answer.text:
                break
            time.sleep(ASK_AGAIN)
        whole = time.perf_counter() - begun
        took = [_posted(client, "preview", {**form, "last": str(last)})[1] for _ in range(3)]
        slowest = max(slowest, statistics.median(answers))
        name = f"preview over {last:,}"
        told = re.search(r"[\d,]+ of the last [\d,]+ requests would be decided otherwise", answer.text)
        print(
            f"{name:32} {statistics.median(answers):6.1f} ms in the middle, "
            f"{max(answers):6.1f} at most; there after {whole:.1f} s, once more {statistics.median(took):.1f} ms"
            f"; {told[0] if told else 'nothing'}"
        )
    return slowest


def _form(page: TestResponse) -> dict[str, str]:
    """What a browser sends of the editor, with one value changed."""
    text = re.search(r'<textarea class="code".*?>\n(.*?)</textarea>', page.text, re.DOTALL)
    hidden = dict(re.findall(r'name="(file|base|csrf_token)" value="([^"]*)"', page.text))
    assert text is not None
    stood = unescape(text[1])
    return {**hidden, "shape": "text", "text": stood.replace(*CHANGED, 1), "opened": stood, "reason": "As agreed"}


def _posted(client: FlaskClient, what: str, form: dict[str, str]) -> tuple[TestResponse, float]:
    begun = time.perf_counter()
    answer = client.post(f"/admin/mappings/{what}", data=form, base_url="http://localhost")
    assert answer.status_code == 200, (what, answer.status_code)
    return answer, (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
