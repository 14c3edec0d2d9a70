"""`git http-backend` as its manual sets it up: behind nginx and fcgiwrap."""

import pathlib
import stat

from ..git import git
from ..paths import free_port
from ..processes import Server
from .nginx import nginx

# fcgiwrap does not wait for its children, so nobody counts their time: the script does, once each has ended.
SCRIPT = """#!/bin/sh
/usr/lib/git-core/git-http-backend
times >> {record}
"""

LOCATION = """\
server {{
    listen 127.0.0.1:{port};
    location / {{
        client_max_body_size 0; include /etc/nginx/fastcgi_params; fastcgi_request_buffering off;
        fastcgi_param SCRIPT_FILENAME {script}; fastcgi_param GIT_PROJECT_ROOT {root};
        fastcgi_param GIT_HTTP_EXPORT_ALL 1; fastcgi_param PATH_INFO $uri;
        fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol; fastcgi_param GIT_CONFIG_COUNT 1;
        fastcgi_param GIT_CONFIG_KEY_0 safe.directory; fastcgi_param GIT_CONFIG_VALUE_0 *;
        fastcgi_buffering off; fastcgi_pass 127.0.0.1:{socket};
    }}
}}
"""


class HTTPBackend:
    def __init__(self, home: pathlib.Path, processes: int = 8):
        home.mkdir(parents=True, exist_ok=True)
        self.root, self.port, self.record = home / "repositories", free_port(), home / "times"
        self.root.mkdir()
        self.record.touch()
        script = home / "http-backend.sh"
        script.write_text(SCRIPT.format(record=self.record))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        socket = free_port()
        self.children = Server(["/usr/sbin/fcgiwrap", "-c", processes, "-s", f"tcp:127.0.0.1:{socket}"], socket)
        self.front = nginx(home, LOCATION.format(port=self.port, script=script, root=self.root, socket=socket), self.port)
        self.url = f"http://127.0.0.1:{self.port}"

    def pids(self) -> list[int]:
        return self.front.pids + self.children.pids

    def ended_cpu(self) -> float:
        """Seconds of the processes that served a request and are gone."""
        total = 0.0
        for line in self.record.read_text().splitlines():
            for word in line.split():
                minutes, _, seconds = word.rstrip("s").partition("m")
                total += 60 * float(minutes) + float(seconds)
        return total

    def create(self, name: str) -> str:
        folder = self.root / f"{name}.git"
        git("init", "--quiet", "--bare", "-b", "main", str(folder))
        git("--git-dir", str(folder), "config", "http.receivepack", "true")
        return f"{self.url}/{name}.git"

    def stop(self):
        self.front.stop()
        self.children.stop()
