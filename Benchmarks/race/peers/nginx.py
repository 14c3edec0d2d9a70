"""nginx: the yardstick for files on the disk, the cache by slices, and what stands before an upstream."""

import pathlib

from .. import processors
from ..processes import Server

CONFIGURATION = """\
daemon off; user root; worker_processes {workers}; worker_rlimit_nofile 16384;
error_log {home}/error.log crit; pid {home}/pid;
events {{ worker_connections 4096; }}
http {{
    access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; keepalive_requests 10000000;
    client_body_temp_path {home}/body; proxy_temp_path {home}/temp; fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    {body}
}}
"""

SLICES = """\
proxy_cache_path {home}/cache keys_zone=c:10m max_size=64g inactive=1d;
server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
        slice 8m; proxy_cache c; proxy_cache_lock on; proxy_cache_lock_timeout 600s; proxy_cache_lock_age 600s;
        proxy_cache_key $uri$slice_range; proxy_set_header Range $slice_range; proxy_set_header Connection '';
        proxy_http_version 1.1; proxy_cache_valid 200 206 1h; proxy_buffers 16 128k; proxy_buffer_size 128k;
        proxy_busy_buffers_size 256k; proxy_ignore_headers Cache-Control Expires Vary; proxy_pass {upstream};
    }}
}}
"""


def nginx(home: pathlib.Path, body: str, port: int, workers: int = 2, where=processors.SERVER) -> Server:
    home.mkdir(parents=True, exist_ok=True)
    (home / "nginx.conf").write_text(CONFIGURATION.format(home=home, body=body, workers=workers))
    return Server(["/usr/sbin/nginx", "-c", home / "nginx.conf", "-e", home / "error.log"], port, where=where)


def static(home: pathlib.Path, root: pathlib.Path, port: int) -> Server:
    """Files of a folder by sendfile."""
    return nginx(home, f"server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; }}", port)


def slices(home: pathlib.Path, upstream: str, port: int) -> Server:
    return nginx(home, SLICES.format(home=home, port=port, upstream=upstream), port)
