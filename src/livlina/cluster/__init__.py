"""Several machines: drives Patroni, etcd and HAProxy, and guards the leader's disk. Stands alone."""
