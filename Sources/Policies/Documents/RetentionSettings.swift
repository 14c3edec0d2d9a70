/// What is kept, and what goes first.
package struct RetentionSettings: Sendable, Hashable {
    package enum Eviction: String, Sendable, Hashable, CaseIterable {
        case lruSize = "lru-size"
        case lru
    }

    /// Space that must stay free on the disk.
    package enum Reserve: Sendable, Hashable {
        case bytes(Int64)
        /// 0…100
        case percent(Int)
    }

    package var maximumBytes: Int64?
    package var maximumAge: Duration?
    package var keepRevisions: Int?
    package var pin: [Glob] = []
    package var evict: Eviction = .lruSize
    package var minimumFree: Reserve?
}
