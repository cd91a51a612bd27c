"""A real help center -> one of any size: its articles again under new names, in new topics."""

import json
import re
import shutil
from pathlib import Path

import yaml

RELATIVE_IMAGE = re.compile(r'(\]\(|src=")(?:\./)?(img/)')
NUMBER = re.compile(r"^id: *(\S+)", re.MULTILINE)
TITLE = re.compile(r"^title: *(.+)$", re.MULTILINE)


def replicate(content: Path, folder: Path, count: int) -> list[Path]:
    """Write that many articles below the folder and return their files.

    The first round is the help center as it is, images too. Each later round has new topics ("Upload 2"), file names, titles and
    numbers, and shows the images of the first round, so that no tool is measured by how fast it copies pictures.
    """
    shutil.rmtree(folder, ignore_errors=True)
    articles = sorted(content.rglob("*.md"))
    for picture in content.rglob("img/**/*"):
        if picture.is_file():
            _copy(picture, folder / picture.relative_to(content))
    made = []
    for number in range(count):
        article = articles[number % len(articles)]
        made.append(_write(article, article.relative_to(content), folder, number // len(articles) + 1))
    return made


def _write(article: Path, path: Path, folder: Path, turn: int) -> Path:
    text = article.read_text(encoding="utf-8-sig")
    if turn > 1:
        back = "../" * (len(path.parts) - 1) + path.parent.as_posix().replace(" ", "%20")
        text = RELATIVE_IMAGE.sub(rf"\1{back}/\2", text)
        text = NUMBER.sub(rf"id: \g<1>{turn:02}", text, count=1)
        text = TITLE.sub(lambda title: f"title: {json.dumps(f'{yaml.safe_load(title[1])} {turn}')}", text, count=1)
        topic, *rest = path.parts[:-1]
        path = Path(f"{topic} {turn}", *rest, f"{path.stem} {turn}.md")
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
