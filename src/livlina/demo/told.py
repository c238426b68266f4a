def numbers():
    return frozenset()


def tell_all(*a):
    pass
