"""The page of lines and branches that tests run, from coverage.py's figures."""

from tools import cover


def of(lines: int, run: int, ways: int, taken: int) -> dict:
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches", "missing_lines")
    return {"summary": dict(zip(names, (lines, run, ways, taken, lines - run), strict=True))}


FOUND = {"src/familyabm/lab/store.py": of(100, 90, 40, 30), "src/familyabm/lab/queue.py": of(50, 50, 20, 20),
         "src/familyabm/cli.py": of(50, 10, 0, 0), "visualization/app.py": of(200, 100, 40, 10)}  # fmt: skip


def test_lines_and_branches_are_added_up_by_part_and_files_with_most_left_come_first():
    page = cover.text(FOUND, True)
    assert "The tests run 62% of 400 lines and take 60% of 100 branches" in page and cover.FAILED not in page
    assert "| `familyabm.lab` | 150 | 93% | 60 | 83% |" in page and "| `familyabm` | 50 | 20% | 0 | – |" in page
    assert "| `visualization/` | 200 | 50% | 40 | 25% |" in page
    least = page.partition("## Least taken")[2]
    assert least.index("visualization/app.py") < least.index("lab/store.py") < least.index("lab/queue.py")
    assert "cli.py" not in least


def test_a_page_says_where_tests_failed_while_it_was_counted():
    assert cover.FAILED in cover.text(FOUND, False)
