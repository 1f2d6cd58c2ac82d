"""Requests take turns, because moto lists what another request is adding to, and fails.

Who works on moto's objects outside a request, in a thread of its own, takes its turn like a request. A turn is never
held while something runs that may call the cloud: a function, a job.
"""

from threading import Lock

TURN = Lock()
