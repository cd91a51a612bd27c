"""`cloudflare-pages://project`: a direct upload by digests, as Cloudflare's own program does it; readers are switched at once."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from threading import Event
from typing import Any

from kbtool.address import Address, wrong_address
from kbtool.media import content_type
from kbtool.problems import Problem, Stop
from kbtool.publish.manifest import MANIFEST, Entry, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.retry import Patience
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings
from kbtool.publish.web import Answer, Web

_API = "https://api.cloudflare.com/client/v4"
_MISSING = 404
_CLOSED = (301, 302, 303, 307, 308, 401, 403, _MISSING)
"""How a deployment answers that is not open to everybody, or holds no manifest."""
_BATCH_BYTES, _BATCH_FILES = 40 * 1_048_576, 2_000
"""The most that goes up in one request."""
_POLLS, _PAUSE = 30, 1.0
"""How often, and after how many seconds, it is asked whether the deployment is shown: Cloudflare may be slow to say so."""
_RULES = ("_headers", "_redirects")
"""Files that Cloudflare reads and does not show: they come with the deployment and not among its files."""
_HINT = "set CLOUDFLARE_API_TOKEN (rights: Cloudflare Pages, Edit) and CLOUDFLARE_ACCOUNT_ID"


def open_pages(address: Address, surroundings: Surroundings) -> "PagesTarget":
    """Return the target. Raises Stop when the address names no project, or when the token or the account is missing."""
    if not address.host or address.path.strip("/") or address.query:
        raise Stop(wrong_address(f'"{address.text}" names no project: it looks like cloudflare-pages://my-help'))
    if find_spec("blake3") is None:
        message = "\"blake3\" is needed to publish to Cloudflare Pages; type: pip install 'kbtool[cloud]'"
        raise Stop(Problem("", 0, "missing-package", message))
    place = f"cloudflare-pages://{address.host}"
    environment = surroundings.environment
    token, account = environment.get("CLOUDFLARE_API_TOKEN"), environment.get("CLOUDFLARE_ACCOUNT_ID")
    if not token or not account:
        raise Stop(Problem("", 0, "no-credentials", f'there are no credentials for "{place}"', _HINT))
    base = environment.get("CLOUDFLARE_API_BASE_URL", _API).rstrip("/") + "/"
    web = Web(place, base, {"Authorization": f"Bearer {token}"}, '"Cloudflare Pages: Edit" for this account')
    project = f"accounts/{account}/pages/projects/{address.host}"
    return PagesTarget(web, base, project, surroundings, Patience(surroundings.clock))


@dataclass(frozen=True, slots=True)
class PagesTarget:
    """A project of Cloudflare Pages."""

    web: Web
    base: str
    project: str
    """Its path in the API."""
    surroundings: Surroundings
    patience: Patience

    @property
    def place(self) -> str:
        """The project."""
        return self.web.place

    @property
    def limits(self) -> Limits:
        """25 MiB a file, 20,000 files: https://developers.cloudflare.com/pages/platform/limits/."""
        return Limits(25 * 1_048_576, 20_000)

    @property
    def takes_headers(self) -> bool:
        """Headers stand in the file `_headers`."""
        return False

    def look(self) -> Remote:
        """Return what the production deployment holds, as its own manifest tells: Cloudflare lists no files."""
        deployment = self._project().get("canonical_deployment") or {}
        state = str(deployment.get("id") or "")
        if not state:
            return Remote({}, None, "")
        open_web = Web(self.place, f"{str(deployment['url']).rstrip('/')}/", {}, "to be open to everybody")
        answer = self.patience.run(self.place, lambda: open_web.ask("GET", MANIFEST, expect=_CLOSED))
        manifest, problems = read_manifest(answer.content if answer.status == 200 else None)  # noqa: PLR2004 - HTTP's word for "here it is"
        if manifest is None:
            return Remote({}, None, state, problems or (self._unknown(state),))
        known = {**{path: left.entry for path, left in manifest.stale.items()}, **manifest.files}
        return Remote({path: RemoteFile(entry.size, entry.tag) for path, entry in known.items()}, manifest, state)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Send what Cloudflare lacks and make the deployment. Raises Moved when another was made meanwhile."""
        project = self._project()
        if str((project.get("canonical_deployment") or {}).get("id") or "") != plan.state:
            raise Moved
        entries: dict[str, Entry] = dict(plan.manifest.files)
        for upload in plan.uploads:
            entries[upload.path] = replace(entries[upload.path], tag=pages_digest(upload.path, site.read(upload.path)))
        note = write_manifest(replace(plan.manifest, files=entries))
        whole = {path: entry.tag for path, entry in entries.items() if path not in _RULES}
        whole |= {path: plan.manifest.stale[path].entry.tag for path in plan.waiting}
        whole[MANIFEST] = pages_digest(MANIFEST, note)
        lost = self._send_missing(whole, site, note, report)
        whole = {path: digest for path, digest in whole.items() if path not in lost}
        self._deploy(
            whole,
            {name: site.read(name) for name in _RULES if name in site.files},
            plan,
            str(project.get("production_branch") or "main"),
        )
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Let readers see the newest production deployment that is older than the one they see."""
        current = self._project().get("canonical_deployment") or {}
        listed = self._result(self._ask("GET", f"{self.project}/deployments?env=production"))
        whole = [each for each in listed if (each.get("latest_stage") or {}).get("status") == "success"]
        older = [each for each in whole if str(each.get("created_on")) < str(current.get("created_on", ""))]
        if not older:
            return None
        report("Switching", 0, 1)
        before = max(older, key=lambda each: str(each["created_on"]))
        self._ask("POST", f"{self.project}/deployments/{before['id']}/rollback")
        report("Switching", 1, 1)
        return str(before["id"])

    def _project(self) -> Mapping[str, Any]:
        """Return what Cloudflare knows of the project. Raises Stop when there is none of that name."""
        answer = self._ask("GET", self.project, expect=(_MISSING,))
        if answer.status == _MISSING:
            hint = "make it first (Workers & Pages, Create, Direct upload), or correct the name or the account"
            raise Stop(Problem("", 0, "host-refuses", f'there is no project at "{self.place}"', hint))
        found: Mapping[str, Any] = self._result(answer)
        return found

    def _send_missing(self, whole: Mapping[str, str], site: Snapshot, note: bytes, report: Report) -> frozenset[str]:
        """Send the files whose bytes Cloudflare has not. Return the old ones that nobody has any more."""
        token = str(self._result(self._ask("GET", f"{self.project}/upload-token"))["jwt"])
        assets = Web(self.place, self.base, {"Authorization": f"Bearer {token}"}, '"Cloudflare Pages: Edit" for this account')
        paths = {digest: path for path, digest in sorted(whole.items(), reverse=True)}
        answer = self._patiently(assets, "POST", "pages/assets/check-missing", json={"hashes": sorted(paths)})
        missing = [paths[digest] for digest in self._result(answer)]
        lost = frozenset(path for path in missing if path not in site.files and path != MANIFEST)
        due = [path for path in missing if path not in lost]
        sent = 0
        for batch in _batches(due, site):
            body = [_payload(path, note if path == MANIFEST else site.read(path), whole[path]) for path in batch]
            self._patiently(assets, "POST", "pages/assets/upload", json=body)
            sent += len(batch)
            report("Publishing", sent, len(due))
        kept = sorted({digest for path, digest in whole.items() if path not in lost})
        self._patiently(assets, "POST", "pages/assets/upsert-hashes", json={"hashes": kept})
        return lost

    def _deploy(self, whole: Mapping[str, str], rules: Mapping[str, bytes], plan: PublishPlan, branch: str) -> None:
        """Make the deployment: from here on readers see the new site."""
        fields = {"manifest": json.dumps({f"/{path}": digest for path, digest in sorted(whole.items())}), "branch": branch}
        fields["commit_message"] = f"Release {plan.manifest.release}"
        if plan.manifest.revision:
            fields["commit_hash"] = plan.manifest.revision
        parts = {name: (None, value.encode(), "text/plain") for name, value in fields.items()}
        files = {name: (name, content, "text/plain") for name, content in rules.items()}
        made = self._result(self._ask("POST", f"{self.project}/deployments", files={**parts, **files})) or {}
        self._wait(str(made.get("id") or ""))

    def _wait(self, deployment: str) -> None:
        """Wait a little until the deployment is what readers see. Raises Stop when it failed: the one before is then still shown."""
        for _ in range(_POLLS if deployment else 0):
            told = self._result(self._ask("GET", f"{self.project}/deployments/{deployment}")) or {}
            stage = told.get("latest_stage") or {}
            if (stage.get("name"), stage.get("status")) == ("deploy", "success"):
                return
            if stage.get("status") in ("failure", "canceled"):
                hint = "the deployment before is still what readers see; look at this one in Cloudflare's dashboard"
                raise Stop(Problem("", 0, "host-fails", f'"{self.place}" could not publish the deployment', hint))
            self.surroundings.clock.pause(Event(), _PAUSE)

    def _ask(self, method: str, address: str, **content: Any) -> Answer:  # noqa: ANN401 - httpx's own
        return self._patiently(self.web, method, address, **content)

    def _patiently(self, web: Web, method: str, address: str, **content: Any) -> Answer:  # noqa: ANN401 - httpx's own
        return self.patience.run(self.place, lambda: web.ask(method, address, **content))

    def _result(self, answer: Answer) -> Any:  # noqa: ANN401 - whatever Cloudflare says
        """Return what an answer holds: Cloudflare wraps it. Raises Stop when it says that it did not succeed."""
        said = answer.json()
        if not isinstance(said, dict) or said.get("success") is False:
            words = "; ".join(str(error.get("message")) for error in (said or {}).get("errors") or ()) or "it did not say why"
            raise Stop(
                Problem("", 0, "host-refuses", f'"{self.place}" refused a request: {words}', "the site there is as before")
            )
        return said.get("result")

    def _unknown(self, deployment: str) -> Problem:
        message = f'the deployment "{deployment}" at "{self.place}" was not made by kbtool, or is not open to everybody'
        hint = "all of the site is compared anew; the deployment stays among the project's, to go back to"
        return Problem("", 0, "doubtful-manifest", message, hint, "warning")


def pages_digest(path: str, content: bytes) -> str:
    """Return what Cloudflare Pages calls a file's bytes: BLAKE3 of their base64 and of the name's suffix, half of it in hex.

    Source: `hashFile` in Cloudflare's wrangler.
    """
    from blake3 import blake3  # noqa: PLC0415 - an extra

    suffix = path.rpartition("/")[2].rpartition(".")[2] if "." in path.rpartition("/")[2].lstrip(".") else ""
    return blake3(base64.b64encode(content) + suffix.encode()).hexdigest()[:32]


def _payload(path: str, content: bytes, digest: str) -> dict[str, object]:
    """Return a file as an upload holds it."""
    value = base64.b64encode(content).decode()
    return {"key": digest, "value": value, "metadata": {"contentType": content_type(path)}, "base64": True}


def _batches(paths: Iterable[str], site: Snapshot) -> Iterator[list[str]]:
    """Yield the paths in batches that go up in one request each."""
    batch: list[str] = []
    size = 0
    for path in paths:
        more = site.files[path].entry.size if path in site.files else 0
        if batch and (size + more > _BATCH_BYTES or len(batch) == _BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += more
    if batch:
        yield batch
