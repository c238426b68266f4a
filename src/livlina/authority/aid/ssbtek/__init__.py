"""SSBTEK: what other authorities know of a person's money (socialtjänstlagen 15 kap., förordning 2008:975)."""
