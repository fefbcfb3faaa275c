"""How commands on files of a person's own end."""


def exit_code(usable: int, failed: int) -> int:
    """0 where nothing failed, 3 where some of it did, 1 where nothing could be used; counts of lines, or of files."""
    if not failed:
        return 0
    return 3 if usable else 1
