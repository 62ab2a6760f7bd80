"""The gates that are compared, what stands behind them, and how each is started."""

import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from . import processes
from .console import Trouble
from .machine import MAINSTAY, clean_environment

BODY = "x" * 1024
PATIENCE = 30
OURS, UNCHECKED, HAPROXY, NGINX = "mainstay edge", "mainstay edge, checking nothing", "HAProxy", "nginx"
CORES = 2


@dataclass
class Program:
    """A program that listens; at most one process of it runs at a time."""

    name: str
    command: list
    folder: Path
    port: int
    scheme: str = "http"
    process: subprocess.Popen = field(default=None, repr=False)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    @property
    def pid(self):
        return self.process.pid

    def cpu_seconds(self):
        """With its workers."""
        return processes.family_cpu_seconds(self.pid)

    def memory_kib(self):
        """PSS, with its workers."""
        pids = [self.pid, *processes.children(self.pid)]
        return sum(processes.memory_mib(pid)[1] for pid in pids) * 1024

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "output.log"
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=clean_environment(), stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise Trouble(f"{self.name} did not start. It said:\n{log.read_text()[-2000:]}")
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def written(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return str(path)


def upstream(folder):
    """Answers to everything with 1 KiB. One worker of nginx, which needs little beside any gate."""
    port = free_port()
    server = f'listen 127.0.0.1:{port} backlog=4096; location / {{ default_type text/plain; return 200 "{BODY}"; }}'
    return Program("upstream", nginx_command(folder, 1, f"server {{ {server} }}"), folder, port)


def nginx_command(folder, workers, http):
    configuration = f"""
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 65;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {http}
}}
"""
    return ["nginx", "-e", "stderr", "-c", written(folder, "nginx.conf", configuration)]


def nginx(folder, target, certificate=None):
    port = free_port()
    listen = f"listen 127.0.0.1:{port} backlog=4096" + (" ssl" if certificate else "") + ";"
    if certificate:
        listen += f" ssl_certificate {certificate.chain}; ssl_certificate_key {certificate.key};"
    http = f"""
  map $http_upgrade $connection_header {{ default upgrade; "" ""; }}
  upstream application {{ server 127.0.0.1:{target}; keepalive 128; keepalive_requests 1000000000; }}
  server {{
    {listen}
    location / {{
      proxy_pass http://application; proxy_http_version 1.1; proxy_read_timeout 600s;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_header;
    }}
  }}"""
    return Program(NGINX, nginx_command(folder, CORES, http), folder, port, scheme(certificate))


def haproxy(folder, target, certificate=None, verified=None):
    """With `verified`, tokens are checked by this public key, and requests of each person and address counted."""
    port = free_port()
    bind = f"bind 127.0.0.1:{port}"
    if certificate:
        both = written(folder, "both.pem", certificate.chain.read_text() + certificate.key.read_text())
        bind += f" ssl crt {both} alpn http/1.1"
    checks = ""
    if verified:
        checks = f"""
  http-request set-var(txn.token) http_auth_bearer
  http-request set-var(txn.algorithm) str(ES256)
  http-request deny unless {{ var(txn.token),jwt_verify(txn.algorithm,"{verified}") 1 }}
  http-request set-var(txn.user) var(txn.token),jwt_payload_query('$.sub')
  http-request track-sc0 src table addresses
  http-request track-sc1 var(txn.user) table people
  http-request deny deny_status 429 if {{ sc_http_req_rate(0) gt 100000000 }} or {{ sc_http_req_rate(1) gt 100000000 }}
  http-request set-header X-User-Id %[var(txn.user)]"""
    configuration = f"""
global
  nbthread {CORES}
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 600s
  option forwardfor
frontend public
  {bind}{checks}
  http-request set-header X-Forwarded-Proto {scheme(certificate)}
  default_backend application
backend application
  http-reuse always
  server only 127.0.0.1:{target}
backend addresses
  stick-table type ip size 100k expire 60s store http_req_rate(60s)
backend people
  stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
"""
    command = ["haproxy", "-db", "-f", written(folder, "haproxy.cfg", configuration)]
    return Program(HAPROXY, command, folder, port, scheme(certificate))


SECURITY_HEADERS = """
[edge.services.application.security_headers]
add = true"""


def unchecked(folder, target):
    """Ours, as it is when it checks, but for tokens that it does not look at, and requests that it does not count."""
    program = mainstay(folder, target, gateway=SECURITY_HEADERS)
    program.name = UNCHECKED
    return program


def checked(folder, target, keys):
    """Ours: tokens are checked by this key set, and requests of each person and address counted."""
    checks = f"""
[edge.services.application.rate_limits]
address = "1000000 per 1s"
user = "1000000 per 1s"
[edge.services.application.jwt]
jwks = "{keys}"
issuer = "https://issuer.example"
audience = ["application"]
algorithms = ["ES256"]
required = true"""
    return mainstay(folder, target, gateway=SECURITY_HEADERS + checks)


def mainstay(folder, target, certificate=None, gateway=""):
    """`gateway` is what it has to do besides, as settings."""
    port = free_port()
    listen = f'listen = ["127.0.0.1:{port}"]'
    if certificate:
        files = f'{{ certificate = "{certificate.chain}", key = "{certificate.key}" }}'
        listen = f'listen = []\n[edge.tls]\nlisten = ["127.0.0.1:{port}"]\ncertificates = [{files}]'
    configuration = f"""
[log]
level = "warn"
[server]
data = "{folder}/data"
[edge]
{listen}
[edge.services.application]
blue = ["127.0.0.1:{target}"]{gateway}
"""
    command = [str(MAINSTAY), "--config", written(folder, "mainstay.toml", configuration), "edge"]
    return Program(OURS, command, folder, port, scheme(certificate))


def scheme(certificate):
    return "https" if certificate else "http"
