"""The library of the executable study: what a chapter calls, and what brings data in and the book
out.

    words      how values are written
    reading    somebody's file in, its content out, or every problem in words
    claims     what a claims.yml may say, and which results it can name
    study      files in, a checked `Study` out
    stats      tables in, `Estimates` out
    charts     estimates and study in, a `Figure` out
    report     what a chapter shows and records
    summary    recorded results in, claims, findings, atlas out
    needs      a study in, which needs of chapters it meets out
    importers  somebody's results in, data/<study>/ out
    book       how chapters become a book
    commands   the one command line: a command a module

CONTRIBUTING.md says which room may use which; a test holds them to it.
"""
