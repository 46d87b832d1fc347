"""The WSGI entry point, for gunicorn or any other WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What the program is made of stays for ever, so the garbage collector need not look at it again; and it looks at what
# requests leave behind only now and then, for little of that goes in circles.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
