"""Property tests are about results: how long one example takes on a busy machine is not."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
