extension Schema {
    /// The transparency log: a Merkle tree that only grows, and what was signed about it.
    ///
    /// A row of `transparency_leaves` keeps in `nodes` the hashes of the full subtrees that its leaf completes, from
    /// the lowest upwards, 64 digits each: every hash a proof needs is in one row, and none is ever changed.
    /// `repository` is no foreign key: what was logged outlives what it was about.
    static let transparency = """
        CREATE TABLE transparency_leaves (
            seq BIGINT NOT NULL PRIMARY KEY,
            at BIGINT NOT NULL,
            kind VARCHAR(32) NOT NULL,
            repository BIGINT,
            leaf TEXT NOT NULL,
            leaf_hash VARCHAR(64) NOT NULL,
            nodes TEXT NOT NULL
        );
        CREATE INDEX transparency_leaves_hash ON transparency_leaves (leaf_hash);
        CREATE TABLE transparency_checkpoints (
            id BIGINT NOT NULL PRIMARY KEY,
            size BIGINT NOT NULL,
            root VARCHAR(64) NOT NULL,
            note TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE TABLE transparency_origin (
            id BIGINT NOT NULL PRIMARY KEY,
            origin VARCHAR(255) NOT NULL
        );
        """
}
