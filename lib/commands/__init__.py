"""What can the command line do?  A module each: `arguments(parser)` declares what it takes,
`run(options)` does it and returns the exit code, None for 0.

`lib.__main__` has the list; `options` holds arguments that several commands take.
"""
