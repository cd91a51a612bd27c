"""`netlify://site`: a deploy by digests, of which Netlify asks only for what it has not, and which it switches to at once.

The API: https://docs.netlify.com/api/get-started/#file-digest-method
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any, TypeVar
from urllib.parse import quote

from kbtool.address import Address, wrong_address
from kbtool.problems import Problem, Stop
from kbtool.publish.manifest import MANIFEST, OWN_FOLDER, Entry, read_manifest, write_manifest
from kbtool.publish.plan import PublishPlan
from kbtool.publish.remote import Remote, RemoteFile
from kbtool.publish.retry import Patience
from kbtool.publish.snapshot import Snapshot
from kbtool.publish.target import Limits, Moved, Report, Sent, Surroundings
from kbtool.publish.web import Answer, Web
from kbtool.urls import quote_path

T = TypeVar("T")

_API = "https://api.netlify.com"
_MISSING = 404
_POLLS, _PAUSE = 300, 1.0
"""How often, and after how many seconds, it is asked whether a deploy is ready."""
_UNFIT = ("#", "?")
"""Netlify takes no file with these in its name."""
_HINT = "set NETLIFY_AUTH_TOKEN to a personal access token (User settings, Applications), or log in with Netlify's own program"


def open_netlify(address: Address, surroundings: Surroundings) -> "NetlifyTarget":
    """Return the target. Raises Stop when the address names no site, or when there is no token."""
    if not address.host or address.path.strip("/") or address.query:
        raise Stop(wrong_address(f'"{address.text}" names no site: it looks like netlify://my-help'))
    place = f"netlify://{address.host}"
    token = surroundings.environment.get("NETLIFY_AUTH_TOKEN") or _noted_token(surroundings)
    if not token:
        raise Stop(Problem("", 0, "no-credentials", f'there are no credentials for "{place}"', _HINT))
    base = surroundings.environment.get("NETLIFY_API_URL", _API).rstrip("/").removesuffix("/api/v1") + "/api/v1/"
    web = Web(place, base, {"Authorization": f"Bearer {token}"}, "to deploy to this site", surroundings.at_once)
    site = address.host if "." in address.host or _is_id(address.host) else f"{address.host}.netlify.app"
    return NetlifyTarget(web, site, surroundings, Patience(surroundings.clock))


@dataclass(frozen=True, slots=True)
class NetlifyTarget:
    """A site at Netlify."""

    web: Web
    site: str
    """Its id or its domain."""
    surroundings: Surroundings
    patience: Patience

    @property
    def place(self) -> str:
        """The site."""
        return self.web.place

    @property
    def limits(self) -> Limits:
        """None that a help center would reach."""
        return Limits()

    @property
    def takes_headers(self) -> bool:
        """Headers stand in the file `_headers`."""
        return False

    def look(self) -> Remote:
        """Return what the published deploy holds."""
        state = self._published()
        if not state:
            return Remote({}, None, "")
        listed = self._ask("GET", f"sites/{self.site}/files").json()
        files = {_path(file): RemoteFile(int(file.get("size") or 0), str(file.get("sha") or "")) for file in listed}
        manifest, problems = read_manifest(self._manifest() if MANIFEST in files else None)
        return Remote({path: file for path, file in files.items() if not path.startswith(OWN_FOLDER)}, manifest, state, problems)

    def send(self, site: Snapshot, plan: PublishPlan, report: Report) -> Sent:
        """Make a deploy, send what it lacks, and wait until it is what readers see. Raises Moved when another was published."""
        _refuse_unfit(plan)
        remote = self.look()
        if remote.state != plan.state:
            raise Moved
        digests = {path: hashlib.sha1(site.read(path), usedforsecurity=False).hexdigest() for path in _uploaded(plan)}
        entries: dict[str, Entry] = dict(plan.manifest.files)
        entries |= {path: replace(entries[path], tag=digest) for path, digest in digests.items()}
        note = write_manifest(replace(plan.manifest, files=entries))
        digests[MANIFEST] = hashlib.sha1(note, usedforsecurity=False).hexdigest()
        stays = {*(entries.keys() - digests.keys()), *plan.waiting, *plan.foreign}
        whole = {**digests, **{path: remote.files[path].tag for path in stays}}
        deploy = self._ask(
            "POST", f"sites/{self.site}/deploys", json={"files": {f"/{path}": digest for path, digest in whole.items()}}
        ).json()
        self._send_required(deploy, whole, lambda path: note if path == MANIFEST else site.read(path), report)
        self._wait(str(deploy["id"]))
        return Sent(len(plan.uploads), plan.size, len(plan.deletes))

    def rollback(self, report: Report) -> str | None:
        """Publish the newest deploy that is older than the published one."""
        current = self._ask("GET", f"sites/{self.site}").json().get("published_deploy") or {}
        listed = self._ask("GET", f"sites/{self.site}/deploys?production=true&per_page=100").json()
        ready = [deploy for deploy in listed if deploy.get("state") in ("ready", "old")]
        older = [deploy for deploy in ready if str(deploy.get("created_at")) < str(current.get("created_at", ""))]
        if not older:
            return None
        report("Switching", 0, 1)
        before = max(older, key=lambda deploy: str(deploy["created_at"]))
        self._ask("POST", f"sites/{self.site}/deploys/{before['id']}/restore")
        report("Switching", 1, 1)
        return str(before["id"])

    def _published(self) -> str:
        """Return the id of the deploy that readers see, empty when there is none. Raises Stop when there is no such site."""
        answer = self._ask("GET", f"sites/{self.site}", expect=(_MISSING,))
        if answer.status == _MISSING:
            hint = "look at its name in Netlify's settings, or make it there first; the token must belong to its team"
            raise Stop(Problem("", 0, "host-refuses", f'there is no site at "{self.place}"', hint))
        return str((answer.json().get("published_deploy") or {}).get("id") or "")

    def _manifest(self) -> bytes | None:
        """Return the manifest's very bytes; the listing names it, so that one which cannot be had is in doubt."""
        raw = {"Accept": "application/vnd.bitballoon.v1.raw", "Content-Type": "application/vnd.bitballoon.v1.raw"}
        answer = self._ask("GET", f"sites/{self.site}/files/{quote(MANIFEST, safe='')}", expect=(_MISSING,), headers=raw)
        return answer.content if answer.status != _MISSING else b""

    def _send_required(
        self, deploy: Mapping[str, Any], whole: Mapping[str, str], read: Callable[[str], bytes], report: Report
    ) -> None:
        """Send each file whose bytes Netlify does not have; one path for each digest is enough."""
        paths = {digest: path for path, digest in sorted(whole.items(), reverse=True)}
        required = [paths[digest] for digest in dict.fromkeys(deploy.get("required") or ()) if digest in paths]
        address = f"deploys/{deploy['id']}/files/"
        kind = {"Content-Type": "application/octet-stream"}

        def put(path: str) -> None:
            self._ask("PUT", address + quote_path(path), headers=kind, content=read(path))

        with ThreadPoolExecutor(min(self.surroundings.at_once, 8)) as pool:
            sent = [pool.submit(put, path) for path in required]
            try:
                for done, future in enumerate(sent, 1):
                    future.result()
                    report("Publishing", done, len(sent))
            except BaseException:
                self.patience.give_up()
                for future in sent:
                    future.cancel()
                raise

    def _wait(self, deploy: str) -> None:
        """Wait until the deploy is published. Raises Stop when it fails: the one before is then still what readers see."""
        never = Event()
        for _ in range(_POLLS):
            answer = self._ask("GET", f"deploys/{deploy}").json()
            if answer.get("state") == "ready":
                return
            if answer.get("state") in ("error", "rejected"):
                hint = "the deploy before is still what readers see; look at this one in Netlify's settings"
                said = answer.get("error_message") or answer["state"]
                raise Stop(Problem("", 0, "host-fails", f'"{self.place}" could not publish the deploy: {said}', hint))
            self.surroundings.clock.pause(never, _PAUSE)
        hint = "it may still appear: look at the deploy in Netlify's settings"
        raise Stop(Problem("", 0, "host-fails", f'"{self.place}" has not published the deploy after five minutes', hint))

    def _ask(self, method: str, address: str, **content: Any) -> Answer:  # noqa: ANN401 - httpx's own
        return self.patience.run(self.place, lambda: self.web.ask(method, address, **content))


def _uploaded(plan: PublishPlan) -> tuple[str, ...]:
    return tuple(upload.path for upload in plan.uploads)


def _path(file: Mapping[str, Any]) -> str:
    return str(file.get("path") or file.get("id") or "").lstrip("/")


def _is_id(name: str) -> bool:
    """Tell whether a name is the id that Netlify gave to a site: a UUID."""
    return len(name) == 36 and name.count("-") == 4  # noqa: PLR2004 - a UUID's form


def _refuse_unfit(plan: PublishPlan) -> None:
    unfit = [path for path in plan.manifest.files if any(sign in path for sign in _UNFIT)]
    if unfit:
        message = f'"{unfit[0]}" cannot be published at Netlify: a file\'s name may hold neither "#" nor "?"'
        raise Stop(Problem("", 0, "unfit-name", message, "rename what it is made from; nothing was changed"))


def _noted_token(surroundings: Surroundings) -> str:
    """Return the token that Netlify's own program noted when its user logged in."""
    home = surroundings.environment.get("XDG_CONFIG_HOME")
    folder = Path(home) if home else surroundings.home / ".config"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        noted = json.loads((folder / "netlify" / "config.json").read_text(encoding="utf-8"))
        return str(noted["users"][noted["userId"]]["auth"]["token"])
    return ""
