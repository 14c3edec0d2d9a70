/// What a pack from outside may cost before its intake is stopped.
package struct PackLimits: Sendable, Hashable {
    /// Bytes of the pack as sent.
    package var maximumBytes: Int64
    /// Objects the pack's header announces.
    package var maximumObjects: Int
    /// Bytes of address space the indexing process may take.
    package var addressSpace: Int64
    /// Seconds of processor time the indexing process may take.
    package var processorSeconds: Int
    /// Whether each object is checked as `git fsck` would (paths, dates, modes).
    package var checksObjects: Bool

    package init(
        maximumBytes: Int64 = 64 << 30, maximumObjects: Int = 20_000_000, addressSpace: Int64 = 8 << 30,
        processorSeconds: Int = 3600, checksObjects: Bool = true
    ) {
        self.maximumBytes = maximumBytes
        self.maximumObjects = maximumObjects
        self.addressSpace = addressSpace
        self.processorSeconds = processorSeconds
        self.checksObjects = checksObjects
    }
}

/// A pack that was taken in: its objects are durable and can be read.
package struct PackIntakeResult: Sendable, Hashable {
    /// The pack's checksum, which names its files; nil when the pack held no objects and nothing was stored.
    package var pack: ObjectID?
    /// Objects the pack's header announced.
    package var objectCount: Int
    /// Bytes received.
    package var byteCount: Int64

    package init(pack: ObjectID?, objectCount: Int, byteCount: Int64) {
        self.pack = pack
        self.objectCount = objectCount
        self.byteCount = byteCount
    }
}
