"""The few words that settings, terms and articles are described in: publishing needs the settings, and no article."""

from dataclasses import dataclass
from typing import Any, Literal

ArticleType = Literal["faq", "instructions", "troubleshooting", "article"]
Status = Literal["published", "draft", "archived"]
Audience = Literal["public", "agents"]

Json = dict[str, Any]
"""A JSON object on its way in or out."""


@dataclass(frozen=True, slots=True)
class Doc:
    """The sentence that explains a key to the people who type it; it stands in the JSON Schema and is tested against the manual."""

    text: str
