"""What is told of many keys before something is done with all of them."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from kvtui.session.namespace import OpenNamespace
from kvtui.ui.formatting import exact_size
from kvtui.ui.screens.stage import Stage
from kvtui.ui.text import line, plain

SHOWN_KEYS: Final = 3
"""As many of the first and of the last keys are named."""


def many_keys(
    stage: Stage, opened: OpenNamespace, keys: Sequence[str], size_bytes: int
) -> list[Content]:
    """Say how many they are, where they are, and what the first and the last are called."""
    workspace = stage.workspace
    shown = [f"  {line(key)}" for key in keys[:SHOWN_KEYS]]
    if len(keys) > 2 * SHOWN_KEYS:
        shown.append(f"  … {len(keys) - 2 * SHOWN_KEYS:,} more …")
    shown += [f"  {line(key)}" for key in keys[SHOWN_KEYS:][-SHOWN_KEYS:]]
    return [
        Content.assemble("Keys       ", (f"{len(keys):,}", "bold"), f"  {exact_size(size_bytes)}"),
        Content(f"Namespace  {line(opened.namespace.name)}"),
        Content(f"At         {line(workspace.host)}  {line(workspace.profile)}"),
        *(plain(text) for text in shown),
    ]
