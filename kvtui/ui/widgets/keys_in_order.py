"""Keys that come in one burst act in the order in which they were pressed."""

from textual import events
from textual.widget import Widget


class KeysInOrder(Widget):
    """For widgets to type into.

    Textual lets a widget insert a character at once, and runs a key that is bound only after it
    went up to the app. What is typed after it is then inserted before it acts: over a slow link,
    where keys come together, a letter typed after Backspace would be what it deletes.
    """

    async def take_bound_key(self, event: events.Key) -> bool:
        """Run at once what this widget binds to the key; tell whether it binds anything."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return True
        return False
