"""The library of the executable study: what a chapter calls, and what brings data in and the book
out."""
