"""Line in, links out."""

import socket

import pytest

from podium.core.links.addresses import file_of, is_link
from podium.core.links.detection import MOST_FOUND, find_links, settled
from podium.core.links.hosts import leads_elsewhere, named_hosts, shown_address
from podium.core.links.targets import (
    Answer,
    CommitCandidate,
    CommitLink,
    FileCandidate,
    FileLink,
    Target,
    WebLink,
)
from podium.core.links.units import unit_around


def addresses(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_links(text).found if isinstance(one.candidate, WebLink)]


def files(text: str, *existing: str, heading: str = "") -> list[tuple[str, str, int, int]]:
    """(text, path, line, column) of each link, where these files and no others exist."""
    found = find_links(text, heading).found
    answers: list[Answer | None] = []
    for one in found:
        answer = None
        if isinstance(one.candidate, FileCandidate):
            for number, reading in enumerate(one.candidate.readings):
                if reading.path in existing:
                    answer = Answer(FileLink(reading.path, reading.line, reading.column), number)
                    break
        answers.append(answer)
    return [
        (text[start:end], target.path, target.line, target.column)
        for start, end, target in settled(found, answers)
        if isinstance(target, FileLink)
    ]


def commits(text: str) -> list[str]:
    return [one.candidate.id for one in find_links(text).found if isinstance(one.candidate, CommitCandidate)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://example.org/a.", ["https://example.org/a"]),
        ("https://example.org, and more", ["https://example.org"]),
        ("(https://en.wikipedia.org/wiki/Foo_(bar))", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
        ("(see https://x.io/a_(b_(c)))", ["https://x.io/a_(b_(c))"]),
        ("[a](https://x.io/q)[b](https://y.io/r)", ["https://x.io/q", "https://y.io/r"]),
        ("'https://x.io/a', \"https://x.io/b\"; <https://x.io/c>", [f"https://x.io/{c}" for c in "abc"]),
        ("{'url': 'https://x.io/a'}", ["https://x.io/a"]),
        ('{"url":"https://x.io/a\\n"}', ["https://x.io/a"]),
        ("https://x.io/it's https://x.io's", ["https://x.io/it", "https://x.io"]),
        ("https://x.io/what?!", ["https://x.io/what"]),
        ("https://x.io/?a[]=1&b=[2]", ["https://x.io/?a[]=1&b=[2]"]),
        ("https://x.io/a&quot; &lt;https://x.io/b&gt;", ["https://x.io/a", "https://x.io/b"]),
        ("curl https://x.io/{id}/y", ["https://x.io/{id}/y"]),
        ("**https://x.io/a**", ["https://x.io/a"]),
        ("https://a.io,https://b.io;https://c.io", ["https://a.io", "https://b.io", "https://c.io"]),
        (
            "https://web.archive.org/web/2020/https://x.io/a",
            ["https://web.archive.org/web/2020/https://x.io/a"],
        ),
        ("git+https://x.io/a.git@main#egg=a", ["https://x.io/a.git@main#egg=a"]),
        ("│ https://x.io/a │", ["https://x.io/a"]),
        ("https://x.io/a…", ["https://x.io/a"]),
        ("“https://x.io/a”, ‘https://x.io/b’", ["https://x.io/a", "https://x.io/b"]),
        ("参照 https://例え.jp/パス。次「https://x.io/a」", ["https://例え.jp/パス", "https://x.io/a"]),
        ("http://[::1]:8080/a http://localhost:3000", ["http://[::1]:8080/a", "http://localhost:3000"]),
        ("HTTPS://X.IO/A", ["HTTPS://X.IO/A"]),
        ("https://x.io/گزارش\u200cها, so", ["https://x.io/گزارش\u200cها"]),
        ("mailto:kim@example.org, or mailto:", ["mailto:kim@example.org"]),
        ("https://x.io/a\u202eb", ["https://x.io/a"]),
        ("xhttps://x.io https:// http://. https://:80 http://a:b:c", []),
        ("javascript:alert(1) ftp://x.io ssh://x data:text/html,a vscode://x", []),
        ("https://x.io/" + "a" * 2070, ["https://x.io/" + "a" * 2070]),
        ("https://x.io/" + "a" * 2071, []),
        ("mailto:a@b.c?subject=x&attach=/etc/passwd mailto:a@b.c?Attachment=1", []),
    ],
)
def test_addresses(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "line", "column", "shown"),
    [
        ("src/main.rs:3:5", "src/main.rs", 3, 5, "src/main.rs:3:5"),
        ("  --> src/main.rs:3:5", "src/main.rs", 3, 5, "src/main.rs:3:5"),
        ("src/a.ts(3,5): error TS2304", "src/a.ts", 3, 5, "src/a.ts(3,5)"),
        ("src/a.cs(3): warning", "src/a.cs", 3, 0, "src/a.cs(3)"),
        ("a.c:3:5: error: no", "a.c", 3, 5, "a.c:3:5"),
        ("In file included from a.h:7,", "a.h", 7, 0, "a.h:7"),
        ("src/x.py:41:    def f", "src/x.py", 41, 0, "src/x.py:41"),
        ("src/x.py:19:from a import b", "src/x.py", 19, 0, "src/x.py:19"),
        ("src/x.py:from a import b", "src/x.py", 0, 0, "src/x.py"),
        ('  File "my dir/x.py", line 12, in f', "my dir/x.py", 12, 0, 'my dir/x.py", line 12'),
        ('  File "x.py", line 12', "x.py", 12, 0, 'x.py", line 12'),
        ("PHP Fatal error in /srv/x.php on line 3", "/srv/x.php", 3, 0, "/srv/x.php on line 3"),
        ("died at x.pl line 3.", "x.pl", 3, 0, "x.pl line 3"),
        ("tests/x.py::test_y[a-b] FAILED", "tests/x.py", 0, 0, "tests/x.py"),
        ("tests/x.py:118: AssertionError", "tests/x.py", 118, 0, "tests/x.py:118"),
        ("    at f (/p/x.js:3:5)", "/p/x.js", 3, 5, "/p/x.js:3:5"),
        ("    at file:///p/x%20y.mjs:3:5", "/p/x y.mjs", 3, 5, "file:///p/x%20y.mjs:3:5"),
        ("--- a/src/x.py", "src/x.py", 0, 0, "a/src/x.py"),
        ("+++ b/src/x.py", "src/x.py", 0, 0, "b/src/x.py"),
        ("x.go:12 +0x1d", "x.go", 12, 0, "x.go:12"),
        ("lib/x.rb:3:in `f'", "lib/x.rb", 3, 0, "lib/x.rb:3"),
        ("docs/a.md#L12-L20", "docs/a.md", 12, 0, "docs/a.md#L12-L20"),
        ("src/x.py:12-20", "src/x.py", 12, 0, "src/x.py:12-20"),
        ("app/[id]/(group)/page.tsx:4", "app/[id]/(group)/page.tsx", 4, 0, "app/[id]/(group)/page.tsx:4"),
        ("--config=conf/x.toml,", "conf/x.toml", 0, 0, "conf/x.toml"),
        ("[the docs](docs/a.md)", "docs/a.md", 0, 0, "docs/a.md"),
        ("(see src/x.py).", "src/x.py", 0, 0, "src/x.py"),
        ("It's in 'my file.txt'.", "my file.txt", 0, 0, "my file.txt"),
        ("‘src/x y.c’: no", "src/x y.c", 0, 0, "src/x y.c"),
        ("my\\ file.txt", "my file.txt", 0, 0, "my\\ file.txt"),
        ("@src/x.py", "src/x.py", 0, 0, "@src/x.py"),
        ("../x.py ~/x", "../x.py", 0, 0, "../x.py"),
        ("~/.config/x", "~/.config/x", 0, 0, "~/.config/x"),
        ("⏺ Update(src/x.py)", "src/x.py", 0, 0, "src/x.py"),
        ("  at com.x.Bar.f(src/Bar.java:12)", "src/Bar.java", 12, 0, "src/Bar.java:12"),
        ("make: *** [Makefile:3: all] Error 1", "Makefile", 3, 0, "Makefile:3"),
        ("on main.tf line 3, in resource", "main.tf", 3, 0, "main.tf line 3"),
        ("in '/x/y.yml': line 3, column 5", "/x/y.yml", 3, 5, "/x/y.yml': line 3, column 5"),
        ('File "x.ml", line 3, characters 5-10:', "x.ml", 3, 5, 'x.ml", line 3, characters 5-10'),
        ("x.hs:(3,5)-(4,7): error", "x.hs", 3, 5, "x.hs:(3,5)"),
        ("x.hs:3:5-10: error", "x.hs", 3, 5, "x.hs:3:5-10"),
        ("thread panicked at src/main.rs:3:5:", "src/main.rs", 3, 5, "src/main.rs:3:5"),
        ("Makefile:12: recipe", "Makefile", 12, 0, "Makefile:12"),
        (".gitignore", ".gitignore", 0, 0, ".gitignore"),
        ("/usr/bin:/bin", "/usr/bin", 0, 0, "/usr/bin"),
        ("資料/図.md:3", "資料/図.md", 3, 0, "資料/図.md:3"),
    ],
)
def test_files(text: str, name: str, line: int, column: int, shown: str) -> None:
    assert files(text, name) == [(shown, name, line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "tests and/or nothing",
        "12:30:45",
        "3.14 v1.2",
        "...",
        "/",
        "./",
        "a/\x07b.py",
        "x" * 3000 + "/a.py",
        "//server/a.py",
    ],
)
def test_what_is_no_file(text: str) -> None:
    assert (
        files(text, "12", "3.14", "..", "/", "tests", "a/\x07b.py", "x" * 3000 + "/a.py", "//server/a.py")
        == []
    )


def test_a_numbered_line_is_about_the_file_named_above_it() -> None:
    named = find_links("/home/kim/a.js")
    assert files("  3:5  error  no-undef", "/home/kim/a.js", heading=named.heading) == [
        ("3:5", "/home/kim/a.js", 3, 5)
    ]
    below = find_links("41:    def f", find_links("server/x.py").heading)
    assert files("58-        pass", "server/x.py", heading=below.heading) == [("58", "server/x.py", 58, 0)]
    assert find_links("", below.heading).heading == ""
    assert files("41:    def f", "server/x.py") == []
    assert find_links("server/x.py:3").heading == ""


def test_a_diff_names_both_sides() -> None:
    assert [path for _, path, _, _ in files("diff --git a/s.py b/t.py", "s.py", "t.py")] == ["s.py", "t.py"]


def test_an_address_is_no_file_and_a_quoted_file_with_blanks_is_one() -> None:
    assert files("https://x.io/a/b.py", "x.io/a/b.py", "a/b.py", "b.py") == []
    assert files('"a b/c.py"', "a b/c.py", "b/c.py") == [("a b/c.py", "a b/c.py", 0, 0)]
    assert files('"a b/c.py"', "b/c.py") == [("b/c.py", "b/c.py", 0, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("commit deadbeef1234 (HEAD)", ["deadbeef1234"]),
        ("abc1234..def5678", ["abc1234", "def5678"]),
        ("v1.0-3-gabc1234", ["abc1234"]),
        ("v1.0-3-gabc1234-dirty", ["abc1234"]),
        ("[ABC1234]", ["abc1234"]),
        ("f" * 40, ["f" * 40]),
        ("f" * 41, []),
        ("abc123 xabc1234 abc1234x 550e8400-e29b-41d4-a716-446655440000", []),
        ("https://x.io/commit/abc1234", []),
    ],
)
def test_commits(text: str, expected: list[str]) -> None:
    assert commits(text) == expected


def test_only_what_was_looked_up_is_a_link_and_none_lies_over_another() -> None:
    found = find_links("https://x.io a/b.py deadbeef").found
    answers: list[Answer | None] = [None] * len(found)
    assert settled(found, answers) == [(0, 12, WebLink("https://x.io"))]
    target: Target = CommitLink("deadbeef" * 5, "/srv")
    answers[-1] = Answer(target)
    assert settled(found, answers)[1:] == [(20, 28, target)]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "http://",
            "https://a.b ",
            "a/",
            "(",
            "[(",
            '"',
            "'a ",
            "x.py:3",
            "a:1",
            "deadbeef",
            "-g",
            " ",
            "\\ ",
        ),
        *(
            "a@",
            "_",
            "file://",
            "&lt;",
            "x(1",
            "x(1,2)",
            "::",
            '", line 1',
            "https://(",
            "a=",
            "](",
            "~/",
            "“a ",
        ),
    ],
)
def test_time_grows_with_the_text_alone(line: str) -> None:
    """Each part is tried once: what grew with the square of the text would take this test's time many times over."""
    text = (line * (200_000 // len(line) + 1))[:200_000]
    assert len(find_links(text).found) <= 3 * MOST_FOUND


def test_files_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Box.lan")
    monkeypatch.setattr(socket, "getaddrinfo", None)
    monkeypatch.setattr(socket, "gethostbyname", None)
    for host in ("", "localhost", "box.lan", "BOX"):
        assert file_of(f"file://{host}/a%20b/%C3%A9") == "/a b/é"
    for bad in (
        *("file://other/a", "file://kim@localhost/a", "file:/a", "file:a", "file:////share/a", "file://"),
        *(
            "file:///a%0Ab",
            "file:///a%00",
            "file:///a%E2%80%AEb",
            "file:///%FF",
            "file:///a%2",
            "file:///%zz",
        ),
        *("file://[x/a", "file:///" + "a" * 5000, "file:///a b"),
    ):
        assert not is_link(bad) or not file_of(bad), bad


@pytest.mark.parametrize(
    ("url", "text", "host"),
    [
        ("https://evil.org/a", "https://good.org", "evil.org"),
        ("https://evil.org/a", "good.org", "evil.org"),
        ("https://evil.org/a", "Sign in at www.good.org/login", "evil.org"),
        ("https://evil.org/", "gооd.org", "evil.org"),
        ("https://good.org.evil.com/", "good.org", "good.org.evil.com"),
        ("https://good.org@evil.org/", "here", "evil.org"),
        ("https://p\u0430ypal.com/", "", "xn--pypal-4ve.com"),
        ("https://xn--pypal-4ve.com/", "", "xn--pypal-4ve.com"),
        ("https://\u0430..b.com/", "", "\\u0430..b.com"),
        ("https://good.org/a", "good.org", ""),
        ("https://www.good.org/a", "good.org", ""),
        ("https://GOOD.org/a", "https://good.org/a", ""),
        ("https://ci.org/runs/1", "run 1 of main.py, README.md and os.path.join", ""),
        ("mailto:kim@good.org", "kim@other.org", ""),
    ],
)
def test_a_text_that_names_another_host(url: str, text: str, host: str) -> None:
    assert leads_elsewhere(url, text) == host


def test_the_host_of_an_address_is_shown_as_it_is_looked_up() -> None:
    assert shown_address("https://good.org@evil.org:8080/a?b") == (
        "https://good.org@",
        "evil.org",
        ":8080/a?b",
    )
    assert shown_address("https://p\u0430ypal.com/x") == ("https://", "xn--pypal-4ve.com", "/x")
    assert shown_address("https://a.org/https://b.org") == ("https://", "a.org", "/https://b.org")
    assert shown_address("http://[::1]:80/") == ("http://[", "::1", "]:80/")
    assert shown_address("mailto:a@b.c") == ("", "", "mailto:a@b.c")
    assert named_hosts("a.com " * 100) == ("a.com",) * 8


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("see (https://x.io/a_(b)).", 9, "https://x.io/a_(b)"),
        ("at src/x.py:3:5: error", 6, "src/x.py:3:5"),
        ("(src/x.py)", 3, "src/x.py"),
        ('say "two words" now', 4, "two words"),
        ('say "two words" now', 14, "two words"),
        ("it's 'a b' isn't", 5, "a b"),
        ("„so ist es“", 10, "so ist es"),
        ("«a b»", 0, "a b"),
        ('open "my dir/x.py"', 9, "my dir/x.py"),
        ('say "two words" now', 6, None),
        ('one " alone', 4, None),
        ("it's", 2, None),
        ("a plain word", 3, None),
        ('""', 0, None),
    ],
)
def test_what_a_double_click_takes(text: str, place: int, expected: str | None) -> None:
    unit = unit_around(text, place)
    assert (text[slice(*unit)] if unit else None) == expected


def test_a_path_is_words_where_that_is_wished() -> None:
    assert unit_around("src/x.py:3", 5, paths=False) is None
    assert unit_around("https://x.io/a", 9, paths=False) == (0, 14)
