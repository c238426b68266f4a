"""How a PostgreSQL is reached: by one name or several, and noticed within seconds when it falls silent."""

from psycopg.conninfo import conninfo_to_dict

KEPT_ALIVE = {  # TCP itself gives up after a quarter of an hour
    "connect_timeout": 3,
    "tcp_user_timeout": 4000,  # milliseconds
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}


def database(url: str) -> dict[str, object]:
    """Return Django's description of the PostgreSQL that `url` names.

    Of several hosts (`postgresql://name@a:5432,b:5432,c:5432/livlina`) the one that takes writes is used.
    """
    parts = conninfo_to_dict(url)
    known = {"dbname", "user", "password", "host", "port"}
    several = {"target_session_attrs": "read-write"} if "," in str(parts.get("host", "")) else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "livlina"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": KEPT_ALIVE
        | several
        | {key: value for key, value in parts.items() if key not in known}
        | {"server_side_binding": True, "prepare_threshold": 5},
    }
