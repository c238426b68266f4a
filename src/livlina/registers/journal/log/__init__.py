"""The Merkle log over a municipality's chains: which subtrees are kept, and the proofs made of them. Plain Python."""
