"""The room's rows that other rooms' tests tell of."""
