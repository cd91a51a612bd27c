"""Cloudflare's API as far as direct uploads to Pages need it, as its own program asks it."""

import base64
import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from blake3 import blake3

from tests.publish.servers.standin import TOKEN, Reply, Request

PROJECT = "/accounts/acc0/pages/projects/my-help"
_CLAIMS = base64.urlsafe_b64encode(b'{"exp": 4102444800, "max_file_count_allowed": 20000}').decode().rstrip("=")
UPLOAD_TOKEN = f"eyJhbGciOiJIUzI1NiJ9.{_CLAIMS}.c2lnbmF0dXJl"
"""Cloudflare's own program reads in it until when it holds (the year 2100)."""


@dataclass(slots=True)
class Cloudflare:
    """One project, its deployments, and all bytes that ever came."""

    token: str = TOKEN
    address: str = ""
    contents: dict[str, bytes] = field(default_factory=dict)
    """By digest."""
    deployments: list[dict[str, Any]] = field(default_factory=list)
    current: str = ""

    def files(self) -> dict[str, bytes]:
        """Return what the project is made of: what readers see, and the rules they do not."""
        found = self._find(self.current)
        return (
            {**{path.lstrip("/"): self.contents[digest] for path, digest in found["files"].items()}, **found["rules"]}
            if found
            else {}
        )

    def answer(self, request: Request) -> Reply:
        """Answer a request."""
        if request.path.startswith("/site/"):
            _, _, name, path = request.path.split("/", 3)
            found = self._find(name)
            digest = found and found["files"].get(f"/{path}")
            return (200, self.contents[digest]) if digest else (404, b"nothing here")
        wanted = UPLOAD_TOKEN if request.path.startswith("/pages/assets") else self.token
        if request.headers.get("authorization") != f"Bearer {wanted}":
            return 403, {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}
        return self._answer(request)

    def _answer(self, request: Request) -> Reply:  # noqa: PLR0911 - one for each thing that can be asked
        match request.method, request.path:
            case "GET", path if path == PROJECT:
                return _fine(self._project())
            case "GET", path if path == f"{PROJECT}/upload-token":
                return _fine({"jwt": UPLOAD_TOKEN})
            case "POST", "/pages/assets/check-missing":
                return _fine([digest for digest in request.json()["hashes"] if digest not in self.contents])
            case "POST", "/pages/assets/upload":
                return self._upload(request)
            case "POST", "/pages/assets/upsert-hashes":
                return _fine(None)
            case "GET", path if path == f"{PROJECT}/deployments":
                return _fine([self._told(each) for each in self.deployments])
            case "POST", path if path == f"{PROJECT}/deployments":
                return self._deploy(request)
            case "GET", path if path.startswith(f"{PROJECT}/deployments/"):
                return _fine(self._told(self._find(path.rpartition("/")[2])))
            case "POST", path if path.endswith("/rollback"):
                self.current = path.split("/")[-2]
                return _fine(None)
        return 404, {"success": False, "errors": [{"code": 8000007, "message": "Project not found."}]}

    def _project(self) -> dict[str, Any]:
        settings: dict[str, Any] = {"production": {"compatibility_flags": []}, "preview": {"compatibility_flags": []}}
        told = {"name": "my-help", "production_branch": "main", "deployment_configs": settings}
        return told | {"canonical_deployment": self._told(self._find(self.current))}

    def _upload(self, request: Request) -> Reply:
        for each in request.json():
            content = base64.b64decode(each["value"])
            assert each["base64"] is True
            assert "/" in each["metadata"]["contentType"]
            self.contents[each["key"]] = content
        return _fine(None)

    def _deploy(self, request: Request) -> Reply:
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + request.body)
        parts = {str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True) or b"") for part in message.iter_parts()}  # fmt: skip
        files: dict[str, str] = json.loads(parts["manifest"])
        wrong = [path for path, digest in files.items() if digest != named(path, self.contents.get(digest, b""))]
        if wrong or parts["branch"] != b"main":
            return 400, {"success": False, "errors": [{"code": 8000000, "message": f"not uploaded: {wrong[:3]}"}]}
        name = f"dep{len(self.deployments)}"
        rules = {key: value for key, value in parts.items() if key in ("_headers", "_redirects")}
        self.deployments.append(
            {"id": name, "created_on": f"2026-03-01T12:00:{len(self.deployments):02}Z", "files": files, "rules": rules}
        )
        self.current = name
        return _fine(self._told(self.deployments[-1]))

    def _find(self, name: str) -> dict[str, Any] | None:
        return next((each for each in self.deployments if each["id"] == name), None)

    def _told(self, deployment: dict[str, Any] | None) -> dict[str, Any] | None:
        if deployment is None:
            return None
        told = {"id": deployment["id"], "created_on": deployment["created_on"], "url": f"{self.address}/site/{deployment['id']}"}
        return {**told, "latest_stage": {"name": "deploy", "status": "success"}}


def named(path: str, content: bytes) -> str:
    """Return a file's digest as Cloudflare's program reckons it."""
    name = path.rpartition("/")[2]
    suffix = name[1:].rpartition(".")[2] if "." in name[1:] else ""
    return blake3(base64.b64encode(content) + suffix.encode()).hexdigest()[:32]


def _fine(result: object) -> Reply:
    return 200, {"success": True, "errors": [], "messages": [], "result": result}
