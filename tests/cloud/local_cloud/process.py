"""The process of the local cloud: moto's server with what `services` adds to it.

It prints its address as one line of JSON when it listens, and ends with the standard input of who started it, so that
a killed test leaves no server behind.
"""

import argparse
import json
import os
import sys
import threading
from typing import Any

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

HOST = "127.0.0.1"


def main() -> None:
    """Serve until the process is ended."""
    options = _parser().parse_args()
    if options.list:
        sys.stdout.write(_changes())
        return
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    application = _plain_moto() if options.plain else _local_cloud(options.time_scale)
    server = make_server(HOST, options.port, application, threaded=True, request_handler=MotoRequestHandler)
    os.environ["MOTO_PORT"] = str(server.server_port)  # moto calls itself here
    sys.stdout.write(json.dumps({"url": f"http://{HOST}:{server.server_port}"}) + "\n")
    sys.stdout.flush()
    if options.until_input_ends:
        threading.Thread(target=_end_with_input, daemon=True).start()
    server.serve_forever()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The local cloud", prog="python -m tests.cloud.local_cloud.process")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--plain", action="store_true", help="moto as it comes, to see what it lacks")
    parser.add_argument("--time-scale", type=float, default=1.0, help="seconds waited for one second of AWS's waits")
    parser.add_argument("--until-input-ends", action="store_true", help="end when the standard input is closed")
    parser.add_argument("--list", action="store_true", help="list what is changed in moto, and why, and end")
    return parser


def _changes() -> str:
    from tests.cloud.local_cloud import dispatcher, registry  # noqa: PLC0415 - moto as it comes must stay so

    dispatcher.load_services()
    patches = sorted(registry.PATCHES, key=lambda patch: patch.name)
    changed = "".join(f"{patch.name}\n  wanted: {patch.expected}\n  moto: {patch.moto}\n" for patch in patches)
    new = "".join(
        f"{service.boto_name} ({service.__name__}): {service.__doc__}\n" for service in dispatcher.new_services()
    )
    return f"{changed}\nServices, or parts of them, that moto does not have:\n{new}"


def _plain_moto() -> Any:  # noqa: ANN401 - a WSGI application
    return DomainDispatcherApplication(create_backend_app)


def _local_cloud(time_scale: float) -> Any:  # noqa: ANN401 - a WSGI application
    from tests.cloud.local_cloud import dispatcher, registry  # noqa: PLC0415 - moto as it comes must stay so
    from tests.cloud.local_cloud.clock import CLOCK  # noqa: PLC0415
    from tests.cloud.local_cloud.runtimes.queue_polling import Poller  # noqa: PLC0415

    CLOCK.scale = time_scale
    dispatcher.load_services()
    registry.install()
    Poller().start()
    return dispatcher.Dispatcher()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
