"""Netlify's API as far as file-digest deploys need it: https://docs.netlify.com/api/get-started/#file-digest-method."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.publish.servers.standin import TOKEN, Reply, Request

SITE = "my-help.netlify.app"


@dataclass(slots=True)
class Netlify:
    """One site, its deploys, and all bytes that ever came."""

    token: str = TOKEN
    contents: dict[str, bytes] = field(default_factory=dict)
    """By SHA-1."""
    deploys: list[dict[str, Any]] = field(default_factory=list)
    published: str = ""

    def files(self) -> dict[str, bytes]:
        """Return what readers see."""
        found: dict[str, str] = next((deploy["files"] for deploy in self.deploys if deploy["id"] == self.published), {})
        return {path.lstrip("/"): self.contents[digest] for path, digest in found.items()}

    def publish(self, files: dict[str, bytes]) -> None:
        """Deploy by another hand."""
        digests = {f"/{path}": hashlib.sha1(content, usedforsecurity=False).hexdigest() for path, content in files.items()}
        self.contents |= {digests[f"/{path}"]: content for path, content in files.items()}
        self.deploys.append(self._deploy(digests))
        self.published = self.deploys[-1]["id"]

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 - one for each thing that can be asked
        """Answer a request."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"code": 401, "message": "Access Denied"}
        match request.method, request.path.removeprefix("/api/v1/").split("/", 3):
            case "POST", ["sites", site, "deploys"] if site == SITE:
                return self._begin(request)
            case "POST", ["sites", site, "deploys", rest] if site == SITE and rest.endswith("/restore"):
                self.published = rest.removesuffix("/restore")
                return 200, {}
            case "PUT", ["sites", site, "deploys", name] if site == SITE:
                return self._fill(next(each for each in self.deploys if each["id"] == name), request)
            case "PUT", ["deploys", deploy, "files", path]:
                return self._put(deploy, f"/{path}", request.body)
            case "GET", ["deploys", deploy] | ["sites", _, "deploys", deploy]:
                found = next(each for each in self.deploys if each["id"] == deploy)
                return 200, {key: value for key, value in found.items() if key != "files"}
            case "GET", ["sites", site, *rest] if site == SITE:
                return self._site(rest, request)
        return 404, {"code": 404, "message": "Not Found"}

    def _site(self, rest: list[str], request: Request) -> Reply:
        current = next((deploy for deploy in self.deploys if deploy["id"] == self.published), None)
        match rest:
            case []:
                return 200, {"id": SITE, "published_deploy": current and {key: current[key] for key in ("id", "created_at")}}
            case ["files"]:
                files = (current or {"files": {}})["files"]
                return 200, [{"path": path, "sha": digest, "size": len(self.contents[digest])} for path, digest in files.items()]
            case ["files", path]:
                assert request.headers["accept"] == "application/vnd.bitballoon.v1.raw"
                digest = (current or {"files": {}})["files"].get(f"/{unquote(path)}")
                return (200, self.contents[digest]) if digest else (404, {})
            case ["deploys"]:
                return 200, [{key: each[key] for key in ("id", "created_at", "state")} for each in self.deploys]
        return 404, {}

    def _deploy(self, files: dict[str, str]) -> dict[str, Any]:
        number = len(self.deploys)
        return {"id": f"deploy{number}", "created_at": f"2026-03-01T12:00:{number:02}Z", "state": "ready", "files": files}

    def _begin(self, request: Request) -> Reply:
        """Make a deploy; Netlify's own program names its files in a second request."""
        deploy = self._deploy({})
        if "files" not in request.json():
            self.deploys.append(deploy | {"state": "new"})
            return 200, self.deploys[-1]
        return self._fill(deploy, request)

    def _fill(self, deploy: dict[str, Any], request: Request) -> Reply:
        files: dict[str, str] = request.json()["files"]
        if any(sign in path for path in files for sign in "#?"):
            return 422, {"code": 422, "message": "Invalid filename"}
        files = {f"/{path.lstrip('/')}": digest for path, digest in files.items()}
        required = sorted({digest for digest in files.values() if digest not in self.contents})
        deploy |= {"files": files, "state": "uploading", "required": required}
        if deploy not in self.deploys:
            self.deploys.append(deploy)
        self._settle(deploy)
        return 200, {key: value for key, value in deploy.items() if key != "files"}

    def _put(self, name: str, path: str, content: bytes) -> Reply:
        deploy = next(each for each in self.deploys if each["id"] == name)
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        if deploy["files"].get(path) != digest:
            return 422, {"code": 422, "message": "digest does not match"}
        self.contents[digest] = content
        self._settle(deploy)
        return 200, {"path": path}

    def _settle(self, deploy: dict[str, Any]) -> None:
        """Publish the deploy when all its bytes are there, and not before."""
        if all(digest in self.contents for digest in deploy["files"].values()):
            deploy["state"] = "ready"
            self.published = deploy["id"]
