"""Only a locale that somebody chose keeps what is drawn to ASCII."""

import pytest

from kvtui.launch.encoding import output_encoding


@pytest.mark.parametrize(
    ("environ", "encoding"),
    [
        ({}, "utf-8"),
        ({"LANG": "en_US.UTF-8"}, "utf-8"),
        ({"LANG": "C"}, "that of LANG=C"),
        ({"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, "that of LANG=POSIX"),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, "utf-8"),
        ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, "that of LC_CTYPE=C"),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LC_ALL": "C.UTF-8", "LANG": "C"}, "utf-8"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "that of LC_ALL=C"),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, "utf-8"),
        ({"LANG": "C", "PYTHONUTF8": "1"}, "utf-8"),
    ],
)
def test_the_locale_that_was_chosen_decides(environ: dict[str, str], encoding: str) -> None:
    assert output_encoding(environ, "utf-8") == encoding


def test_what_is_not_known_is_said() -> None:
    assert output_encoding({}, None) == "unknown"
