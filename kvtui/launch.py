"""The composition root: opens the client or the local server, the session and the app."""
