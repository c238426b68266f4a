"""What the plan means to Patroni, etcd and HAProxy: their own configuration, as text.

Why these values: ttl 20 is the least Patroni takes; `primary_start_timeout: 0` hands over at once when PostgreSQL dies
instead of waiting for its recovery; quorum commit acknowledges what the leader and one of two standbys have on disk,
and strictly: rather no answer than one that may be forgotten; failsafe mode keeps the leader while etcd is away.
"""

from __future__ import annotations

from typing import Any

import yaml

from livlina.cluster.plan import Node, Plan, is_loopback

SUPER, REPLICATION, REWIND, GUARD = "livlina_super", "livlina_replication", "livlina_rewind", "livlina_guard"
ADMIN = "livlina"  # who may tell Patroni what to do
TTL, LOOP, RETRY = 20, 2, 5  # seconds


def patroni(plan: Plan, node: Node, secrets: dict[str, str]) -> str:
    """Return the node's `patroni.yml`. Holds passwords: for the account of PostgreSQL alone."""
    rest: dict[str, Any] = {
        "listen": f"{node.address}:{node.patroni}",
        "connect_address": f"{node.address}:{node.patroni}",
        "authentication": {"username": ADMIN, "password": secrets["rest"]},
    }
    told: dict[str, Any] = {
        "scope": plan.name,
        "namespace": "/livlina/",
        "name": node.name,
        "restapi": rest,
        "etcd3": {"hosts": [f"{one.address}:{one.etcd}" for one in plan.nodes]},
        "bootstrap": _bootstrap(plan, node),
        "postgresql": _postgresql(plan, node, secrets),
        "watchdog": {"mode": "off" if is_loopback(node.address) else "automatic", "safety_margin": 5},
        "log": {"level": "INFO", "dir": str(node.logs), "file_num": 4, "file_size": 10_000_000},
    }
    if plan.tls:
        files = {"certfile": str(plan.tls.certificate), "keyfile": str(plan.tls.key)}
        rest |= files | {"cafile": str(plan.tls.authority), "verify_client": "required"}
        told["ctl"] = files | {"cacert": str(plan.tls.authority), "insecure": False}
        told["etcd3"] |= {
            "protocol": "https", "cacert": str(plan.tls.authority),
            "cert": str(plan.tls.certificate), "key": str(plan.tls.key),
        }  # fmt: skip
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def _bootstrap(plan: Plan, node: Node) -> dict[str, Any]:
    """What holds for the whole cluster, written into etcd by whoever comes first; later changed with patronictl."""
    synchronous = {"synchronous_mode": "quorum", "synchronous_mode_strict": True, "synchronous_node_count": 1}
    return {
        "dcs": {
            "ttl": TTL,
            "loop_wait": LOOP,
            "retry_timeout": RETRY,
            "maximum_lag_on_failover": 1_048_576,
            "primary_start_timeout": 0,
            "failsafe_mode": True,
            **(synchronous if plan.synchronous else {}),
            "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": parameters(plan)},
        },
        "initdb": [
            "data-checksums",
            {"encoding": "UTF8"},
            *({name: value} for name, _, value in (one.partition("=") for one in plan.locale)),
            {"waldir": str(node.wal)},
        ],
    }


def parameters(plan: Plan) -> dict[str, Any]:
    """PostgreSQL's settings, equal on every node."""
    ours: dict[str, Any] = {
        "wal_level": "replica",
        "hot_standby": "on",
        "wal_log_hints": "on",
        "max_connections": 200,
        "max_wal_senders": 10,
        "max_replication_slots": 10,
        "wal_keep_size": "256MB",
        "max_slot_wal_keep_size": "4GB",  # a standby that stays away never fills the leader's volume
        "wal_receiver_timeout": "5s",
        "wal_sender_timeout": "5s",
        "tcp_user_timeout": 4000,
        "tcp_keepalives_idle": 5,
        "tcp_keepalives_interval": 2,
        "tcp_keepalives_count": 2,
        "client_connection_check_interval": "2s",
        "random_page_cost": 1.1,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_duration_statement": 500,
        # No personal data in the log: no parameters, no rows in error details, no failing statements.
        "log_parameter_max_length": 0,
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "password_encryption": "scram-sha-256",
    }
    if plan.tls:
        ours |= {
            "ssl": "on",
            "ssl_min_protocol_version": "TLSv1.3",
            "ssl_ca_file": str(plan.tls.authority),
            "ssl_cert_file": str(plan.tls.certificate),
            "ssl_key_file": str(plan.tls.key),
        }
    return ours | dict(plan.parameters)


def _postgresql(plan: Plan, node: Node, secrets: dict[str, str]) -> dict[str, Any]:
    secure = {"sslmode": "verify-full", "sslrootcert": str(plan.tls.authority)} if plan.tls else {}

    def who(name: str, role: str) -> dict[str, Any]:
        return {"username": name, "password": secrets[role], **secure}

    return {
        "listen": f"{node.address}:{node.postgres}",
        "connect_address": f"{node.address}:{node.postgres}",
        "data_dir": str(node.data),
        "bin_dir": str(plan.postgres_bin),
        "pgpass": str(node.sockets / "pgpass"),
        "use_unix_socket": False,
        "basebackup": [{"waldir": str(node.wal)}, {"checkpoint": "fast"}],
        "authentication": {
            "superuser": who(SUPER, "super"),
            "replication": who(REPLICATION, "replication"),
            "rewind": who(REWIND, "rewind"),
        },
        "parameters": {"unix_socket_directories": str(node.sockets)},
        "pg_hba": hba(plan),
    }


def hba(plan: Plan) -> list[str]:
    """Who may connect from where: over TLS between machines, and always with a password."""
    kind = "hostssl" if plan.tls else "host"
    lines = ["local all all scram-sha-256"]
    for one in dict.fromkeys(_network(node.address) for node in plan.nodes):
        lines += [f"{kind} {what} all {one} scram-sha-256" for what in ("all", "replication")]
    lines += [f"{kind} all all {network} scram-sha-256" for network in plan.clients]
    return lines


def _network(address: str) -> str:
    return address if "/" in address or address[0].isalpha() else f"{address}/{128 if ':' in address else 32}"


def etcd(plan: Plan, node: Node) -> str:
    """Return the node's `etcd.yml`."""
    scheme = "https" if plan.tls else "http"
    client, peer = f"{scheme}://{node.address}:{node.etcd}", f"{scheme}://{node.address}:{node.etcd_peer}"
    told: dict[str, Any] = {
        "name": node.name,
        "data-dir": str(node.etcd_data),
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": ",".join(
            f"{one.name}={scheme}://{one.address}:{one.etcd_peer}" for one in plan.nodes
        ),
        "initial-cluster-token": plan.name,
        "initial-cluster-state": "new",
        "heartbeat-interval": 100,  # milliseconds
        "election-timeout": 1000,
        "auto-compaction-mode": "periodic",
        "auto-compaction-retention": "1h",
        "quota-backend-bytes": 268_435_456,
        "enable-grpc-gateway": True,  # off by default where etcd reads a file; Patroni speaks this way
        "log-level": "error",
        "logger": "zap",
    }
    if plan.tls:
        security = {
            "cert-file": str(plan.tls.certificate),
            "key-file": str(plan.tls.key),
            "client-cert-auth": True,
            "trusted-ca-file": str(plan.tls.authority),
        }
        told |= {"client-transport-security": security, "peer-transport-security": dict(security)}
    return yaml.safe_dump(told, sort_keys=False)


def haproxy(plan: Plan, *, bind: str = "", writes: int = 5000, reads: int = 5001) -> str:
    """Return `haproxy.cfg`: people to web servers that reach a writable database, programs to the leader.

    `writes` and `reads` are ports of this machine alone, `bind` where people come if not at 443. Beside the node's
    files lie `public.pem` (chain and key of the name that people use) and `both.pem` (the node's certificate and key
    in one, with which Patroni is asked).
    """
    check, door = "", bind or "*:443"
    if plan.tls:
        folder = plan.tls.certificate.parent
        door = bind or f"*:443 ssl crt {folder / 'public.pem'} alpn h2,http/1.1"
        check = f" check-ssl verify required ca-file {plan.tls.authority} crt {folder / 'both.pem'}"
    webs = "\n".join(f"    server web{n} {one} check" for n, one in enumerate(plan.webs, 1))
    nodes = "\n".join(
        f"    server {one.name} {one.address}:{one.postgres} check port {one.patroni}{check}"
        for one in plan.nodes
    )
    return HAPROXY.format(bind=door, host=plan.public, webs=webs, nodes=nodes, writes=writes, reads=reads)


HAPROXY = """\
# Made by `livlina cluster init`. A web server that cannot reach a writable database is left out as long as another
# can (web_deep). When none can, as during the seconds of a fail-over, they are all kept, since each holds its
# requests and does them when the database is back: so nobody sees an error.
global
    maxconn 4000
    ssl-default-bind-options ssl-min-ver TLSv1.2

defaults
    mode http
    timeout connect 3s
    timeout client 60s
    timeout server 60s
    timeout queue 40s
    timeout check 3s
    retries 3
    option redispatch
    option forwardfor

frontend people
    bind {bind}
    http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}
    http-request deny if {{ path_beg /health/ }}
    use_backend web_deep if {{ nbsrv(web_deep) gt 0 }}
    default_backend web_any

backend web_deep
    balance leastconn
    option httpchk
    http-check send meth GET uri /health/deep ver HTTP/1.1 hdr Host {host}
    http-check expect status 200
    default-server inter 2s fall 2 rise 1
{webs}

backend web_any
    balance leastconn
    default-server inter 2s fall 10 rise 1
{webs}

# The leader, at one address. When a node no longer leads, its connections are cut: a program on a node that hangs would
# otherwise wait for its answer for ever, since the kernel there still says that all is well.
listen database_writes
    bind 127.0.0.1:{writes}
    mode tcp
    option tcplog
    timeout client 1h
    timeout server 1h
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
{nodes}

# Reports only: an answer from here may be some seconds old, and nothing may be decided on it.
listen database_reads
    bind 127.0.0.1:{reads}
    mode tcp
    option tcplog
    timeout client 1h
    timeout server 1h
    balance leastconn
    option httpchk OPTIONS /replica?lag=16MB
    http-check expect status 200
    default-server inter 2s fall 2 rise 1 on-marked-down shutdown-sessions
{nodes}
"""
