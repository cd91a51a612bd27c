"""A job for the site's search -> its answers, by Node."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from kbtool.site.replay.job import SCRIPTS, Job, failed, read_answers


def find_node() -> str | None:
    """Return where Node is, None when it is not here."""
    return shutil.which("node") or shutil.which("nodejs")


def replay_in_node(job: Job, node: str) -> tuple[tuple[str, ...], ...]:
    """Return the pages for each question. Raises Stop when the scripts fail or take too long.

    The scripts are copied into a folder of their own, which tells Node that they are modules; all else is read from the site.
    """
    with tempfile.TemporaryDirectory(prefix="kbtool-replay-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "pagefind").mkdir()
        (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        shutil.copyfile(job.engine, folder / "search-engine.js")
        shutil.copyfile(job.site / "pagefind" / "pagefind.js", folder / "pagefind" / "pagefind.js")
        for script in ("replay.js", "node.mjs"):
            shutil.copyfile(SCRIPTS / script, folder / script)
        asked = json.dumps({"language": job.language, "questions": job.questions, "most": job.most})
        command = [node, str(folder / "node.mjs"), str(job.site.resolve())]
        try:
            run = subprocess.run(command, input=asked.encode(), capture_output=True, timeout=job.patience, check=False)  # noqa: S603 - Node, found by its name
        except subprocess.TimeoutExpired:
            raise failed(f"no answer in {job.patience:.0f} seconds") from None
        except OSError as error:
            raise failed(f'"{node}" cannot be run: {error.strerror}') from error
    if run.returncode:
        said = [line for line in run.stderr.decode("utf-8", "replace").splitlines() if "Error" in line]
        raise failed(said[0].strip() if said else f"Node ended with {run.returncode}")
    return read_answers(run.stdout, job)
