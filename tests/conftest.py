"""Properties are tried on the same examples in every run, however slow the machine is."""

from hypothesis import settings

from tests.strategies import same_every_run

settings.register_profile("same every run", same_every_run)
settings.load_profile("same every run")
