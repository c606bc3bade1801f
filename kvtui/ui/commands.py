"""One table of commands: keys, footer, palette and help all derive from it."""

from enum import StrEnum
from typing import Final

import msgspec
from textual.binding import Binding


class Scope(StrEnum):
    """Where a command can be given; the value is its heading in the help."""

    APP = "Anywhere"
    BROWSER = "Browser"
    ROWS = "Moving"
    NAMESPACES = "Namespaces"
    KEYS = "Keys"
    VALUE = "Values"
    JSON = "JSON"
    TEXT = "Text"
    DUMP = "Hex"
    SIZES = "Sizes"
    FIND = "Filter and search lines"
    EDITOR = "Editor"
    TEXT_EDITOR = "Editor of text"
    BYTES = "Editor of bytes"
    LOG = "Request log"
    DIFF = "Diff and conflict"
    ASK = "Dialogs"
    PROMPT = "Questions of one line"
    MENU = "Menus"
    TASK = "Long tasks"
    HELP = "Help"
    DETAILS = "Details"


class Command(msgspec.Struct, frozen=True):
    """Something a person can ask for with a key."""

    id: str
    """Names the command in the configuration file; never changes."""
    keys: str
    """Textual's key names, separated by commas."""
    action: str
    text: str
    """What it does, in the help and the palette."""
    scope: Scope
    hint: str = ""
    """The word in the footer; empty keeps it out of there."""
    is_in_palette: bool = True


EVERYWHERE: Final = frozenset({"app.redraw"})
"""Commands that no dialog or editor keeps away: what others wrote on the screen can be anywhere."""


def _c(  # one line a command keeps the table readable
    scope: Scope, action: str, keys: str, text: str, hint: str = "", *, in_palette: bool = True
) -> Command:
    name = (
        action.removeprefix("screen.")
        .replace("(", ".")
        .replace(")", "")
        .replace("'", "")
        .replace("_", "-")
    )
    return Command(f"{scope.name.lower()}.{name}", keys, action, text, scope, hint, in_palette)


COMMANDS: Final[tuple[Command, ...]] = (
    _c(Scope.ROWS, "move(1)", "j,down", "Down one row", in_palette=False),
    _c(Scope.ROWS, "move(-1)", "k,up", "Up one row", in_palette=False),
    _c(Scope.ROWS, "top", "g,home", "First row", in_palette=False),
    _c(Scope.ROWS, "bottom", "G,end", "Last row", in_palette=False),
    _c(Scope.ROWS, "half_page(1)", "ctrl+d", "Down half a page", in_palette=False),
    _c(Scope.ROWS, "half_page(-1)", "ctrl+u", "Up half a page", in_palette=False),
    _c(Scope.ROWS, "page(1)", "ctrl+f,pagedown", "Down a page", in_palette=False),
    _c(Scope.ROWS, "page(-1)", "ctrl+b,pageup", "Up a page", in_palette=False),
    _c(Scope.NAMESPACES, "choose", "enter,l,right", "Open the namespace", "open", in_palette=False),
    _c(Scope.NAMESPACES, "screen.add_namespace", "a", "Create a namespace", "new"),
    _c(Scope.NAMESPACES, "screen.delete_namespace", "D", "Delete the namespace", "delete"),
    _c(Scope.NAMESPACES, "screen.namespace_details", "i", "Details of the namespace", "details"),
    _c(Scope.KEYS, "choose", "enter", "Open the key or folder", "open", in_palette=False),
    _c(Scope.KEYS, "expand", "l,right", "Expand the folder", in_palette=False),
    _c(
        Scope.KEYS,
        "collapse",
        "h,left",
        "Collapse the folder, or go to its parent",
        in_palette=False,
    ),
    _c(Scope.BROWSER, "show_pane('namespaces')", "1", "Go to the namespaces", "namespaces"),
    _c(Scope.BROWSER, "show_pane('keys')", "2", "Go to the keys"),
    _c(Scope.BROWSER, "show_pane('value')", "3", "Go to the value"),
    _c(Scope.KEYS, "screen.filter", "/", "Filter the keys that are loaded", "filter"),
    _c(Scope.VALUE, "screen.search", "/", "Search in the value", "search"),
    _c(Scope.VALUE, "screen.rename_key", "R", "Rename or move the key", in_palette=False),
    _c(Scope.VALUE, "screen.delete_key", "D", "Delete the key", in_palette=False),
    _c(Scope.BROWSER, "find_next", "n", "Next match"),
    _c(Scope.BROWSER, "find_previous", "N", "Previous match"),
    _c(Scope.KEYS, "screen.ask_prefix", "p", "Ask the server for a prefix", "prefix"),
    _c(Scope.BROWSER, "go_to_key", "o", "Go to an exact key"),
    _c(Scope.KEYS, "screen.add_key", "a", "Create a key", "new"),
    _c(Scope.BROWSER, "edit", "e", "Edit the value here", "edit"),
    _c(Scope.BROWSER, "edit_bytes", "b", "Edit the bytes of the value in hex"),
    _c(Scope.BROWSER, "edit_node", "m", "Change, rename, add or delete one node of the JSON"),
    _c(Scope.BROWSER, "replace_with_file", "", "Replace the value with a file"),
    _c(Scope.BROWSER, "edit_outside", "E", "Edit the value in $EDITOR"),
    _c(Scope.BROWSER, "undo_write", "u", "Undo a write, also one of an earlier run"),
    _c(Scope.KEYS, "screen.rename_key", "R", "Rename or move the key"),
    _c(
        Scope.KEYS,
        "screen.delete_key",
        "D",
        "Delete the key, everything in the folder, or what is marked",
        "delete",
    ),
    _c(Scope.KEYS, "screen.export", "X", "Export the folder to files"),
    _c(Scope.KEYS, "mark", "space", "Mark the row, and go to the next", in_palette=False),
    _c(
        Scope.KEYS,
        "mark_range",
        "v",
        "Begin a range of marks; again: mark its keys",
        in_palette=False,
    ),
    _c(Scope.KEYS, "screen.sort", "s", "Sort by name, size or age"),
    _c(Scope.KEYS, "screen.load_all", "L", "Load everything under this folder"),
    _c(Scope.KEYS, "screen.prove", "V", "Prove that all children of the folder are shown"),
    _c(Scope.KEYS, "screen.show_sizes", "S", "Sizes under this folder, ranked"),
    _c(Scope.KEYS, "screen.compare", "c", "What changed since the listing before"),
    _c(
        Scope.BROWSER,
        "copy",
        "y",
        "Copy what is under the cursor: value, key, path, id, curl",
        "copy",
    ),
    _c(Scope.BROWSER, "refresh", "r,f5,ctrl+r", "Refresh what is shown"),
    _c(Scope.BROWSER, "view(1)", "]", "Next view of the value", "view", in_palette=False),
    _c(Scope.BROWSER, "view(-1)", "[", "Previous view of the value", in_palette=False),
    _c(
        Scope.FIND,
        "keep",
        "enter,down",
        "Keep the text, back to the rows",
        "keep",
        in_palette=False,
    ),
    _c(Scope.FIND, "clear_and_close", "escape", "Clear the text", "clear", in_palette=False),
    _c(Scope.BROWSER, "pane(1)", "tab", "Next pane", in_palette=False),
    _c(Scope.BROWSER, "pane(-1)", "shift+tab", "Previous pane", in_palette=False),
    _c(Scope.BROWSER, "zoom", "f", "Zoom the pane"),
    _c(Scope.BROWSER, "watch", "", "Watch the open value: read it every 5 s and show changes"),
    _c(
        Scope.BROWSER,
        "back",
        "escape",
        "Back: cancel the innermost thing",
        "back",
        in_palette=False,
    ),
    _c(Scope.BROWSER, "mask", "x", "Mask the values, or reveal the one shown"),
    _c(Scope.BROWSER, "arm_writes", "W", "Arm writes for 10 minutes, or disarm them"),
    _c(Scope.BROWSER, "switch_profile", "P", "Switch profile"),
    _c(Scope.BROWSER, "request_log", "@", "Every request made, as evidence"),
    _c(Scope.SIZES, "descend", "enter,l,right", "Into the folder", "into", in_palette=False),
    _c(Scope.SIZES, "ascend", "h,left", "Back to the folder around", "out", in_palette=False),
    _c(Scope.SIZES, "go_to", "o", "Go there in the browser", "go to", in_palette=False),
    _c(Scope.SIZES, "close", "escape,q,S", "Close", "close", in_palette=False),
    _c(Scope.BROWSER, "query", "J", "Filter JSON with a JMESPath expression"),
    _c(Scope.VALUE, "screen.choose_layer", "L", "Look at another layer of the value"),
    _c(Scope.VALUE, "screen.choose_format", "F", "Read the value as another format"),
    _c(Scope.JSON, "choose", "enter,space", "Fold or unfold the node", "fold", in_palette=False),
    _c(Scope.JSON, "fold", "h,left", "Fold the node, or go to its parent", in_palette=False),
    _c(Scope.JSON, "unfold", "l,right", "Unfold the node", in_palette=False),
    _c(Scope.JSON, "ask_level", "z", "Fold to a level: then 1-9", "level", in_palette=False),
    _c(Scope.TEXT, "toggle_wrap", "w", "Wrap long lines, or not", in_palette=False),
    _c(Scope.TEXT, "toggle_hidden", "i", "Show spaces and line endings", in_palette=False),
    _c(Scope.TEXT, "pan(-1)", "h,left", "Look further left", in_palette=False),
    _c(Scope.TEXT, "pan(1)", "l,right", "Look further right", in_palette=False),
    _c(Scope.DUMP, "move_byte(-1)", "h,left", "Previous byte", in_palette=False),
    _c(Scope.DUMP, "move_byte(1)", "l,right", "Next byte", in_palette=False),
    _c(Scope.DUMP, "screen.go_to_offset", "ctrl+g", "Go to an offset", "offset", in_palette=False),
    _c(Scope.EDITOR, "save", "ctrl+s", "Show the diff, then save", "save"),
    _c(Scope.EDITOR, "find", "ctrl+f", "Find in the text", "find"),
    _c(Scope.EDITOR, "find_again", "f3", "Find the next one"),
    _c(Scope.EDITOR, "close", "escape", "Close the editor and keep the draft", "close"),
    _c(Scope.TEXT_EDITOR, "format", "f4", "Lay JSON out over lines", "format"),
    _c(Scope.BYTES, "switch_column", "tab,shift+tab", "Type digits, or characters", "hex/text"),
    _c(Scope.BYTES, "switch_mode", "ctrl+t,insert", "Overwrite, or insert", "insert"),
    _c(Scope.BYTES, "screen.go_to", "ctrl+g", "Go to an offset", "go to"),
    _c(Scope.BYTES, "undo", "ctrl+z", "Undo", "undo"),
    _c(Scope.BYTES, "redo", "ctrl+y", "Redo"),
    _c(Scope.BYTES, "copy", "ctrl+c,super+c", "Copy what is selected: hex, or text"),
    _c(Scope.BYTES, "cut", "ctrl+x", "Cut what is selected"),
    _c(
        Scope.BYTES,
        "delete(0)",
        "delete",
        "Take the byte out, or what is selected",
        in_palette=False,
    ),
    _c(Scope.BYTES, "delete(-1)", "backspace", "Take the byte before out", in_palette=False),
    _c(Scope.BYTES, "select(1)", "shift+right", "Select to the right", in_palette=False),
    _c(Scope.BYTES, "select(-1)", "shift+left", "Select to the left", in_palette=False),
    _c(Scope.BYTES, "select_rows(1)", "shift+down", "Select a row down", in_palette=False),
    _c(Scope.BYTES, "select_rows(-1)", "shift+up", "Select a row up", in_palette=False),
    _c(Scope.BYTES, "select_page(1)", "shift+pagedown", "Select a page down", in_palette=False),
    _c(Scope.BYTES, "select_page(-1)", "shift+pageup", "Select a page up", in_palette=False),
    _c(
        Scope.BYTES,
        "select_to_edge(-1)",
        "ctrl+shift+home",
        "Select to the start",
        in_palette=False,
    ),
    _c(Scope.BYTES, "select_to_edge(1)", "ctrl+shift+end", "Select to the end", in_palette=False),
    _c(Scope.BYTES, "select_all", "ctrl+a", "Select all", in_palette=False),
    _c(Scope.BYTES, "step(1)", "right", "Next byte", in_palette=False),
    _c(Scope.BYTES, "step(-1)", "left", "Previous byte", in_palette=False),
    _c(Scope.BYTES, "step_rows(1)", "down", "Down one row", in_palette=False),
    _c(Scope.BYTES, "step_rows(-1)", "up", "Up one row", in_palette=False),
    _c(Scope.BYTES, "page(1)", "pagedown", "Down a page", in_palette=False),
    _c(Scope.BYTES, "page(-1)", "pageup", "Up a page", in_palette=False),
    _c(Scope.BYTES, "row_edge(-1)", "home", "First byte of the row", in_palette=False),
    _c(Scope.BYTES, "row_edge(1)", "end", "Last byte of the row", in_palette=False),
    _c(Scope.BYTES, "edge(-1)", "ctrl+home", "First byte", in_palette=False),
    _c(Scope.BYTES, "edge(1)", "ctrl+end", "Behind the last byte", in_palette=False),
    _c(Scope.DIFF, "show_part(1)", "]", "Next version of the value", "version", in_palette=False),
    _c(Scope.DIFF, "show_part(-1)", "[", "Previous version of the value", in_palette=False),
    _c(Scope.ASK, "next_choice", "tab,right", "Next choice", "choose", in_palette=False),
    _c(Scope.ASK, "previous_choice", "shift+tab,left", "Previous choice", in_palette=False),
    _c(
        Scope.ASK,
        "confirm",
        "enter",
        "Take the choice that has the focus",
        "take",
        in_palette=False,
    ),
    _c(Scope.ASK, "cancel", "escape", "Cancel", "cancel", in_palette=False),
    _c(Scope.PROMPT, "close", "escape", "Cancel", "cancel", in_palette=False),
    _c(Scope.MENU, "choose", "enter", "Take the row", "take", in_palette=False),
    _c(Scope.MENU, "close", "escape", "Close", "close", in_palette=False),
    _c(Scope.TASK, "stop", "escape", "Stop; it can go on later", "stop", in_palette=False),
    _c(Scope.TASK, "close", "escape,enter,q", "Close", "close", in_palette=False),
    _c(
        Scope.TASK, "try_again", "r", "Go on; then try again what failed", "go on", in_palette=False
    ),
    _c(Scope.HELP, "find", "/", "Search the keys", "search", in_palette=False),
    _c(Scope.HELP, "close", "escape,q,?,f1", "Close", "close", in_palette=False),
    _c(Scope.DETAILS, "copy", "y,enter", "Copy the row", "copy", in_palette=False),
    _c(Scope.DETAILS, "close", "escape,q,i", "Close", "close", in_palette=False),
    _c(Scope.LOG, "copy_curl", "y", "Copy the request as curl", "copy as curl"),
    _c(Scope.LOG, "toggle_writes", "w", "Show writes only", "writes only"),
    _c(Scope.LOG, "close", "escape,q,@", "Close", "close"),
    _c(Scope.APP, "help", "?,f1", "All keys", "help"),
    _c(Scope.APP, "command_palette", ":,ctrl+p", "Command palette", in_palette=False),
    _c(Scope.APP, "redraw", "ctrl+l", "Draw the screen again"),
    _c(Scope.APP, "toggle_theme", "", "Switch between the dark and the light theme"),
    _c(Scope.APP, "toggle_mouse", "", "Use the mouse here, or leave it to the terminal"),
    _c(Scope.APP, "suspend_process", "ctrl+z", "Suspend, back to the shell"),
    _c(Scope.APP, "quit", "q,ctrl+c,ctrl+q", "Quit"),
)


def bindings(*scopes: Scope) -> list[Binding]:
    """Make the bindings of the commands in `scopes`, rebindable by command id."""
    return [
        Binding(
            command.keys,
            command.action,
            command.text,
            show=False,
            priority=command.id in EVERYWHERE,
            id=command.id,
        )
        for command in COMMANDS
        if command.scope in scopes and command.keys
    ]


def hinted() -> dict[str, str]:
    """Give the footer's words by command id, in the table's order."""
    return {command.id: command.hint for command in COMMANDS if command.hint}
