"""A claim that rests on nothing: the build ends with a sentence, and the book that was there
stays."""

CLAIMS = """\
claims:
- id: one
  sentence: A.
  where: here
  tests:
    source: {test: interval, result: "numbers/gone/a", above: 0}
"""


def test_a_claim_without_its_result_fails_the_build_with_a_sentence(tiny):
    assert tiny.run("build").returncode == 0
    before = tiny.pages()
    (tiny.root / "data/xx/claims.yml").write_text(CLAIMS)
    run = tiny.run("build")
    assert run.returncode != 0 and "Traceback" not in run.stderr
    assert (
        "data/xx/claims.yml: claim one, panel source: no chapter recorded 'numbers/gone/a'"
        in run.stderr
    )
    assert tiny.pages() == before
    assert tiny.run("build", "--draft").returncode == 0
