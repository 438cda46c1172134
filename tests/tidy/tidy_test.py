#!/usr/bin/env python3
"""tests/tidy/tidy_test.py - the rules of the source tree, as tests.

Layers include downwards only, headers say what they are and compile alone, text is plain. Needs Python and
a C++ compiler ($CXX, else g++), nothing else. Run it from anywhere.
"""

import os
import re
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREES = ("checker", "include", "scenarios", "tests", "cmake", "docs", "tools")
SOURCE = {".hpp", ".cpp", ".h", ".cc"}
TEXT = SOURCE | {".py", ".txt", ".cmake", ".md", ".sh"}
LINES_MAX = 500


def files(suffixes, *trees):
    """Files of the tree with one of these suffixes, relative to the root."""
    found = []
    for tree in trees or TREES:
        found += [p for p in (ROOT / tree).rglob("*") if p.suffix in suffixes and p.is_file()]
    if not trees:
        found += [p for p in ROOT.glob("*") if p.suffix in suffixes and p.is_file()]
    return sorted(p.relative_to(ROOT) for p in found)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="surrogateescape")


def includes(path):
    """(line number, header) of each #include; a quoted header keeps its quote."""
    pattern = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|("[^"]+)")')
    for number, line in enumerate(read(path).splitlines(), 1):
        match = pattern.match(line)
        if match:
            yield number, match[1] or match[2]


def layers():
    """Layer -> the layers it may include: itself, what it uses, and what that uses."""
    uses = {}
    for name, rest in re.findall(r"^heddle_layer\((\w+)([^)]*)\)", read("checker/CMakeLists.txt"), re.M):
        uses[name] = rest.replace("USES", " ").split()
    closed = {}

    def close(name):
        if name not in closed:
            closed[name] = {name}.union(*(close(used) for used in uses[name]))
        return closed[name]

    for name in uses:
        close(name)
    return closed


class Layers(unittest.TestCase):
    def test_every_directory_is_a_layer_and_the_other_way_round(self):
        directories = {p.name for p in (ROOT / "checker").iterdir() if p.is_dir()}
        self.assertEqual(directories, set(layers()))

    def test_a_layer_includes_only_what_it_uses(self):
        allowed = layers()
        wrong = []
        for path in files(SOURCE, "checker"):
            own = path.parts[1]
            for number, header in includes(path):
                match = re.match(r'"checker/(\w+)/', header)
                if match and match[1] not in allowed[own]:
                    wrong.append(f"{path}:{number}: {own} must not include {match[1]}")
        self.assertEqual(wrong, [])

    def test_own_headers_are_included_by_their_path_from_the_root(self):
        wrong = []
        for path in files(SOURCE, "checker", "include", "tests", "scenarios"):
            for number, header in includes(path):
                if header.startswith('"') and not (ROOT / header[1:]).is_file():
                    wrong.append(f"{path}:{number}: {header}")
        self.assertEqual(wrong, [])

    def test_every_included_header_of_heddle_exists(self):
        wrong = []
        for path in files(SOURCE, "checker", "include", "tests", "scenarios"):
            for number, header in includes(path):
                if header.startswith("heddle/") and not (ROOT / "include" / header).is_file():
                    wrong.append(f"{path}:{number}: <{header}>")
        self.assertEqual(wrong, [])

    def test_boost_is_included_in_one_file(self):
        users = [str(p) for p in files(SOURCE) if any(h.startswith("boost/") for _, h in includes(p))]
        self.assertEqual(len(users), 1, users)

    def test_scenarios_see_only_the_public_headers(self):
        wrong = [f"{p}:{n}: {h}" for p in files(SOURCE, "scenarios") for n, h in includes(p) if h.startswith('"')]
        self.assertEqual(wrong, [])


class PublicHeaders(unittest.TestCase):
    def headers(self):
        return files({".hpp"}, "include")

    def test_include_the_standard_library_and_each_other_only(self):
        wrong = []
        for path in self.headers():
            for number, header in includes(path):
                allowed = r"[a-z_0-9]+|heddle/[a-z_/]+\.hpp"
                if path.name == "gtest.hpp":  # the adapter for GoogleTest, which nothing else includes
                    allowed += r"|gtest/gtest\.h|gmock/gmock-matchers\.h"
                if not re.fullmatch(allowed, header):
                    wrong.append(f"{path}:{number}: {header}")
        self.assertEqual(wrong, [])

    def test_only_its_own_layer_and_tests_include_the_adapter_for_googletest(self):
        users = {p for p in files(SOURCE) for _, h in includes(p) if h in ("heddle/gtest.hpp", "gtest/gtest.h")}
        wrong = [str(p) for p in users
                 if p.parts[0] not in ("tests", "cmake") and p.parts[:2] != ("checker", "gtest") and p.name != "gtest.hpp"]
        self.assertEqual(wrong, [])

    def test_compile_alone(self):
        compiler = os.environ.get("CXX", "g++")

        def compiled(path):
            command = [compiler, "-fsyntax-only", "-std=c++20", "-x", "c++", "-w", "-Iinclude", str(path)]
            return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

        headers = self.headers()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for path, run in zip(headers, pool.map(compiled, headers)):
                with self.subTest(header=str(path)):
                    self.assertEqual(run.returncode, 0, run.stderr)


class Headers(unittest.TestCase):
    def test_begin_with_their_path_and_what_they_are(self):
        wrong = []
        for path in files({".hpp"}, "checker", "include", "tests"):
            name = str(path.relative_to("include") if path.parts[0] == "include" else path)
            first = read(path).partition("\n")[0]
            if not re.fullmatch(re.escape(f"// {name} - ") + r"\S.*", first):
                wrong.append(f"{path}: {first}")
        self.assertEqual(wrong, [])

    def test_are_guarded_by_pragma_once(self):
        self.assertEqual([str(p) for p in files({".hpp"}) if "\n#pragma once\n" not in read(p)], [])


class HeadComments(unittest.TestCase):
    def test_name_the_file_they_stand_in(self):
        """A comment that names a path in its first line names its own, also in a .cpp."""
        wrong = []
        for path in files(SOURCE):
            match = re.match(r"// ([\w/.]+\.[ch]pp) - ", read(path))
            own = {str(path), str(path).removeprefix("include/")}
            if match and match[1] not in own:
                wrong.append(f"{path}: {match[1]}")
        self.assertEqual(wrong, [])


class Readme(unittest.TestCase):
    def test_shows_what_the_tool_prints(self):
        printed = read(Path("tests/golden/check_lost_update.txt"))
        printed = printed[printed.index("\n") + 1:printed.index("[exit status")].rstrip("\n")
        self.assertIn(printed, read(Path("README.md")).replace("./run ", "heddle "))


class Text(unittest.TestCase):
    def each_line(self, suffixes=frozenset(TEXT)):
        for path in files(suffixes):
            for number, line in enumerate(read(path).split("\n"), 1):
                yield f"{path}:{number}", line

    def test_is_ascii(self):
        self.assertEqual([where for where, line in self.each_line() if not line.isascii()], [])

    def test_has_no_tabs_and_no_blanks_at_line_ends(self):
        self.assertEqual([where for where, line in self.each_line() if "\t" in line or line != line.rstrip()], [])

    def test_ends_in_one_newline(self):
        wrong = [str(p) for p in files(TEXT) if read(p) and (not read(p).endswith("\n") or read(p).endswith("\n\n"))]
        self.assertEqual(wrong, [])

    def test_leaves_nothing_to_do(self):
        marks = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b")
        self.assertEqual([where for where, line in self.each_line() if marks.search(line)], [])

    def test_names_no_place_of_one_machine(self):
        place = re.compile(r"(?<![\w.}])/(?:home|root|work|tmp|usr/local|opt|Users|build)/")
        allowed = {Path("tests/tidy/tidy_test.py")}
        wrong = [where for where, line in self.each_line(frozenset(TEXT - {".md"}))
                 if place.search(line) and Path(where.rpartition(":")[0]) not in allowed]
        self.assertEqual(wrong, [])

    def test_files_are_short(self):
        sizes = {str(p): len(read(p).splitlines()) for p in files(SOURCE | {".py"})}
        self.assertEqual({p: n for p, n in sizes.items() if n > LINES_MAX}, {})


if __name__ == "__main__":
    unittest.main()
