"""What other rooms' tests need of this one."""
