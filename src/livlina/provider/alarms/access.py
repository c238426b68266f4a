"""Who may do what about alarms: the team whose alarm it is, nobody else."""
