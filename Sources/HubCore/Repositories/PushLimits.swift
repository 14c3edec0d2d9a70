/// What a push by git may bring.
package struct PushLimits: Sendable, Hashable {
    /// Bytes of a file that git itself keeps; larger ones belong in git lfs, where they are stored once, sent in ranges
    /// and not copied into every clone.
    package var largestFile: Int64
    /// Entries of a commit's whole tree, folders included.
    package var maximumEntries: Int
    /// The pack.
    package var pack: PackLimits

    package init(
        largestFile: Int64 = 10 << 20, maximumEntries: Int = 4_000_000,
        pack: PackLimits = PackLimits(
            maximumBytes: 4 << 30, maximumObjects: 5_000_000, addressSpace: 2 << 30, processorSeconds: 900)
    ) {
        self.largestFile = largestFile
        self.maximumEntries = maximumEntries
        self.pack = pack
    }
}
