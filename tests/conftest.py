"""Whether an example passes must not depend on how busy the machine is: no example has a
deadline."""

from hypothesis import settings

settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
