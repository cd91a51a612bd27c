"""What Cloudflare's and Netlify's own programs sent for the same files, held against what kbtool sends."""

import base64
import json
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from kbtool.pipeline.sending import SendOptions, publish_built
from kbtool.publish.hosts.cloudflare import pages_digest
from kbtool.publish.manifest import OWN_FOLDER
from tests.publish.contract import Time, write_built
from tests.publish.servers.cloudflare import Cloudflare
from tests.publish.servers.netlify import Netlify
from tests.publish.servers.standin import Api, Reply, Request, api_server
from tests.publish.test_target_deploys import DeployBench

SENT: dict[str, Any] = json.loads(Path(__file__).with_name("cli_requests.json").read_text(encoding="utf-8"))
FILES = {path: text.encode("latin-1") for path, text in SENT["files"].items()}


def ours(folder: Path, host: Cloudflare | Netlify) -> list[Request]:
    """Publish the same files, and return what was asked."""
    asked = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return host.answer(request)

    api, time = Api(answer), Time()
    with api_server(api) as address:
        if isinstance(host, Cloudflare):
            host.address = address
        bench = DeployBench(folder, host, api, address)
        publish_built(write_built(folder / "site", FILES), bench.target(time.clock), SendOptions(clock=time.clock))
    return asked


def test_wranglers_digests_are_ours() -> None:
    manifest = SENT["wrangler"]["manifest"]
    assert {path: pages_digest(path, FILES[path.lstrip("/")]) for path in manifest} == manifest
    assert {path.lstrip("/") for path in manifest} == FILES.keys() - {"_headers", "_redirects"}


@pytest.mark.tools
def test_cloudflare_is_sent_what_wrangler_sends(tmp_path: Path) -> None:
    asked = ours(tmp_path, Cloudflare())
    lines = [f"{request.method} {request.path}" for request in asked]
    assert [line for line in dict.fromkeys(lines) if line in SENT["wrangler"]["asked"]] == SENT["wrangler"]["asked"]
    uploads = [each for request in asked if request.path == "/pages/assets/upload" for each in request.json()]
    sent = {each["key"]: each["value"] for each in uploads}
    assert SENT["wrangler"]["uploaded"].items() <= sent.items()
    assert len(sent) == len(SENT["wrangler"]["uploaded"]) + 1, "kbtool's manifest comes with them"
    assert all(set(each) == {"key", "value", "metadata", "base64"} for each in uploads)
    deploy = next(request for request in asked if request.method == "POST" and request.path.endswith("/deployments"))
    head = f"Content-Type: {deploy.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + deploy.body)
    parts = {str(part.get_param("name", header="content-disposition")): part.get_content() for part in message.iter_parts()}
    texts = {name: text.decode() if isinstance(text, bytes) else text.replace("\r\n", "\n") for name, text in parts.items()}
    manifest = {path: digest for path, digest in json.loads(texts["manifest"]).items() if not path.startswith(f"/{OWN_FOLDER}")}
    assert manifest == SENT["wrangler"]["manifest"]
    for name in ("branch", "_headers", "_redirects"):
        assert texts[name].strip() == SENT["wrangler"]["parts"][name].strip()


@pytest.mark.tools
def test_netlify_is_sent_what_its_program_sends(tmp_path: Path) -> None:
    asked = ours(tmp_path, Netlify())
    deploy = next(request for request in asked if request.method == "POST")
    named = {path.lstrip("/"): digest for path, digest in deploy.json()["files"].items()}
    rules = {"_headers", "_redirects"}
    assert {path: digest for path, digest in named.items() if not path.startswith(OWN_FOLDER) and path not in rules} == (
        SENT["netlify"]["files"]
    )
    puts = {request.path.split("/files/")[1]: request for request in asked if request.method == "PUT"}
    one_of_each = {named[path] for path in SENT["netlify"]["uploaded"]}
    assert one_of_each <= {named[path] for path in puts}
    assert all(request.headers["content-type"] == "application/octet-stream" for request in puts.values())
    assert base64.b64encode(puts["img/a.png"].body) == base64.b64encode(FILES["img/a.png"])
