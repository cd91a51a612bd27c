"""Where a help center's own files are."""

from pathlib import Path

from kbtool.problems import Problem, Stop

CONFIG_NAME = "kbtool.yml"
_MISNAMED = ("kbtool.yaml", "kbtool.yml.txt", "kbtool.yaml.txt")
LOCK_NAME = "urls.lock"
GIVEN_NAME = "given.lock"
"""urls.lock as it was when a site was last published from here; in the cache folder."""
TERMS_NAME = "terms.yml"
"""Beside kbtool.yml."""
SITE_MARK = ".kbtool-site"
"""The file that says: kbtool made this folder, and may replace it."""


def find_config(start: Path) -> Path:
    """Return the nearest kbtool.yml from the folder upwards. Raises Stop when there is none."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder / CONFIG_NAME
    near = (folder / name for folder in (start, *start.parents) for name in _MISNAMED)
    misnamed = next((file for file in near if file.is_file()), None)
    if misnamed:
        message = f'there is no "{CONFIG_NAME}", but a "{misnamed.name}" in "{misnamed.parent}"'
        raise Stop(Problem("", 0, "no-config", message, f'rename it to "{CONFIG_NAME}"'))
    hint = 'type "kbtool init" to start a help center here, or name the file with --config'
    raise Stop(Problem("", 0, "no-config", f'there is no "{CONFIG_NAME}" in this folder or above it', hint))


def cache_folder(config: Path) -> Path:
    """Return the folder beside the configuration that may be deleted at any time."""
    return config.parent / ".kbtool"
