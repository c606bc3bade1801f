"""argv -> settings -> exit code: the only layer that prints."""


def main() -> int:
    """Run the command line and return its exit status."""
    return 0
