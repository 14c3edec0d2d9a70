/// What policy and pins say about the content of one mirrored repository.
package struct RetentionStanding: Sendable, Hashable {
    /// `metadata.name` of its mirror.
    package var mirror: String
    /// Whether its upstream gives the content again, as far as is known.
    package var canBeFetchedAgain: Bool
    /// Whether its mirror says what may go.
    package var isLimited: Bool
    /// Whether all of it is pinned.
    package var isPinned: Bool
    /// Blobs that pinned revisions name.
    package var pinned: Set<BlobID>
    /// Blobs that the revisions to be kept name; nil when all revisions are kept.
    package var current: Set<BlobID>?

    package init(
        mirror: String, canBeFetchedAgain: Bool, isLimited: Bool, isPinned: Bool = false, pinned: Set<BlobID> = [],
        current: Set<BlobID>? = nil
    ) {
        self.mirror = mirror
        self.canBeFetchedAgain = canBeFetchedAgain
        self.isLimited = isLimited
        self.isPinned = isPinned
        self.pinned = pinned
        self.current = current
    }
}

/// Decides which stored blobs may go at all: the same for a plan and, with what is true by then, at the moment of
/// removal.
package struct RetentionJudge: Sendable {
    /// By the key of the repository. One that is missing is local, or came after the plan.
    package let standings: [Int64: RetentionStanding]
    /// Milliseconds for which a blob stays after it came or was used.
    package let grace: Int64
    package let isOpen: @Sendable (BlobID) -> Bool

    package init(
        standings: [Int64: RetentionStanding], grace: Int64, isOpen: @escaping @Sendable (BlobID) -> Bool
    ) {
        self.standings = standings
        self.grace = grace
        self.isOpen = isOpen
    }

    /// Why a blob stays; nil when it may go. What matters most to people is told first.
    package func hold(_ blob: StoredBlob, _ mirrors: [Int64: MirroredRepository], now: Int64) -> RetentionHold? {
        let known = blob.repositories.compactMap { key in
            mirrors[key].flatMap { mirror in standings[key].map { (mirror, $0) } }
        }
        guard known.count == blob.repositories.count, !known.isEmpty else { return .local }
        if blob.isUploaded { return .uploaded }
        for (_, standing) in known where standing.isPinned || standing.pinned.contains(blob.id) { return .pinned }
        guard blob.isProved, known.allSatisfy({ $1.canBeFetchedAgain && !$0.hasFailed && !$0.isGone }) else {
            return .onlyCopy
        }
        guard known.allSatisfy(\.1.isLimited) else { return .unlimited }
        if isOpen(blob.id) { return .inUse }
        // A clock that was set back makes nothing old.
        return now - blob.usedAt < grace ? .young : nil
    }

    /// Whether only revisions that need not be kept name a blob.
    package func isSurplus(_ blob: StoredBlob) -> Bool {
        blob.repositories.allSatisfy { key in
            standings[key]?.current.map { !$0.contains(blob.id) } ?? false
        }
    }
}
