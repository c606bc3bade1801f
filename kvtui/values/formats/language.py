"""What a text is written in: by its content type, else by what it begins with."""

import re
from typing import Final

_BY_CONTENT_TYPE: Final = {
    "application/javascript": "javascript",
    "application/sql": "sql",
    "application/toml": "toml",
    "application/x-httpd-php": "php",
    "application/x-sh": "bash",
    "application/xml": "xml",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "image/svg+xml": "xml",
    "text/css": "css",
    "text/html": "html",
    "text/javascript": "javascript",
    "text/markdown": "markdown",
    "text/x-python": "python",
    "text/xml": "xml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
}
_COMMENTS: Final = r"(?:[^\S\n]*(?:#.*)?\n)*"
_DOCSTRING: Final = r"(?:\"{3}[^\"]*\"{3}\s*)?"
_YAML_NAME: Final = r"[\w\"'.-]+:"
_BY_CONTENT: Final = tuple(
    (language, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for language, pattern in (
        ("html", r"\s*<(?:!doctype html|html)\b"),
        ("xml", r"\s*<(?:\?xml|[a-z][\w:.-]*(?:\s[^<>]*)?>)"),
        ("python", r"#!.*\bpython"),
        (
            "python",
            rf"{_DOCSTRING}(?:from [\w.]+ import|import [\w.]+$|def \w+\(.*:$|class \w+.*:$)",
        ),
        ("bash", r"#!.*\b(?:ba|z|k)?sh\b"),
        ("toml", _COMMENTS + r"(?:\[[\w.\"'-]+\]\s*$|[\w.-]+ = (?:[\"'\[{\d]|true|false))"),
        ("yaml", r"%YAML|---\s*$"),
        ("yaml", rf"{_COMMENTS}{_YAML_NAME}(?: .*)?\n(?:[ ]|- |{_YAML_NAME}(?: |$))"),
        ("sql", r"\s*(?:select\s.+\sfrom|insert\s+into|create\s+table|update\s+\w+\s+set)\s"),
        ("markdown", r"# \S.*\n"),
    )
)
_LOOKED_AT: Final = 2048

SUFFIXES: Final = {
    "bash": ".sh",
    "css": ".css",
    "html": ".html",
    "javascript": ".js",
    "markdown": ".md",
    "php": ".php",
    "python": ".py",
    "sql": ".sql",
    "toml": ".toml",
    "xml": ".xml",
    "yaml": ".yaml",
}
"""The file name endings of the languages that can be told."""


def language(text: str, content_type: str | None) -> str | None:
    """Name the language as pygments does; None for plain text."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type in _BY_CONTENT_TYPE:
        return _BY_CONTENT_TYPE[media_type]
    beginning = text[:_LOOKED_AT]
    return next((name for name, pattern in _BY_CONTENT if pattern.match(beginning)), None)
