import Synchronization

/// A shard that was read: the files it describes, whose xorbs are stored.
package struct XetShard: Sendable {
    let files: [ShardFile]

    /// Bytes of all files.
    package var contentBytes: Int64 { files.reduce(0) { $0 + $1.contentBytes } }
}

/// How far a shard was taken in, for those who wait for it.
package final class XetProgress: Sendable {
    private let bytes = Mutex<Int64>(0)

    package init() {}

    /// Bytes of the shard's files that were verified.
    package var verifiedBytes: Int64 { bytes.withLock { $0 } }

    func add(_ count: Int64) { bytes.withLock { $0 += count } }
}
