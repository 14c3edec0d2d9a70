/// What a mirror keeps, in numbers.
package struct RetentionRules: Sendable, Hashable {
    package enum Order: Sendable, Hashable {
        /// What was used longest ago goes first.
        case lru
        /// The same weighed by size: one large old file goes before many small ones.
        case lruSize
    }

    /// Bytes of the mirror's blobs above which some of them go, down to nine tenths.
    package var maximumBytes: Int64?
    /// Milliseconds after its last use.
    package var maximumAge: Int64?
    /// Bytes that are to stay free on the disk.
    package var minimumFree: Int64?
    package var order: Order

    package init(
        maximumBytes: Int64? = nil, maximumAge: Int64? = nil, minimumFree: Int64? = nil, order: Order = .lruSize
    ) {
        self.maximumBytes = maximumBytes
        self.maximumAge = maximumAge
        self.minimumFree = minimumFree
        self.order = order
    }

    /// Down to how many bytes a mirror is brought that has more than it may.
    package static func lowMark(of maximum: Int64) -> Int64 { maximum - maximum / 10 }
    /// Up to how many free bytes a disk is brought that has fewer than it should.
    static func highFree(of minimum: Int64, total: Int64) -> Int64 {
        min(minimum.addingClamped(minimum / 10), max(minimum, total))
    }
}

/// Which blobs go, and why.
package struct EvictionPlan: Sendable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Only revisions that need not be kept name it.
        case revisions
        /// Nobody used it for too long.
        case age
        /// Its mirror has more than it may.
        case size
        /// The disk has less free space than it should.
        case space
        /// Something that was asked for needs its place.
        case room
    }

    package struct Item: Sendable, Hashable {
        package let blob: BlobID
        package let bytes: Int64
        package let reason: Reason
        /// The mirror it is counted for: the first of those that have it.
        package let mirror: String
    }

    /// In the order in which they go.
    package private(set) var items: [Item] = []

    package var bytes: Int64 { items.reduce(0) { $0.addingClamped($1.bytes) } }

    /// A stored blob and what may be done with it.
    package struct Candidate: Sendable {
        package let blob: StoredBlob
        /// Why it stays; nil when it may go.
        package let hold: RetentionHold?
        /// Names of the mirrors whose repositories have it.
        package let mirrors: [String]
        package let isSurplus: Bool

        package init(blob: StoredBlob, hold: RetentionHold?, mirrors: [String], isSurplus: Bool = false) {
            self.blob = blob
            self.hold = hold
            self.mirrors = mirrors
            self.isSurplus = isSurplus
        }

        /// Whether nobody has used it for longer than any of its mirrors keeps such.
        func isTooOld(by rules: [String: RetentionRules], now: Int64) -> Bool {
            mirrors.allSatisfy { rules[$0]?.maximumAge.map { now - blob.usedAt > $0 } ?? false }
        }

        /// Whether it goes whatever room there is.
        package func isDue(by rules: [String: RetentionRules], now: Int64) -> Bool {
            hold == nil && !mirrors.isEmpty && (isSurplus || isTooOld(by: rules, now: now))
        }
    }

    /// Plans without acting. What several mirrors have goes only when all of them let it go for the same reason.
    /// - Parameters:
    ///   - stored: bytes of each mirror, what is held counted in.
    ///   - rules: by the name of the mirror; one without rules keeps everything.
    ///   - disk: bytes that are free now, and bytes there are.
    ///   - shortage: bytes that are wanted beside.
    ///   - now: milliseconds since 1970.
    package init(
        _ candidates: [Candidate], stored: [String: Int64], rules: [String: RetentionRules],
        disk: (free: Int64, total: Int64), shortage: Int64, now: Int64
    ) {
        var rest = candidates.filter { $0.hold == nil && !$0.mirrors.isEmpty }
        var stored = stored
        var free = disk.free
        var taken: Set<BlobID> = []
        func take(_ candidate: Candidate, _ reason: Reason, _ plan: inout EvictionPlan) {
            taken.insert(candidate.blob.id)
            for mirror in candidate.mirrors { stored[mirror, default: 0] -= candidate.blob.bytes }
            free = free.addingClamped(candidate.blob.bytes)
            plan.items.append(
                Item(
                    blob: candidate.blob.id, bytes: candidate.blob.bytes, reason: reason,
                    mirror: candidate.mirrors.first ?? ""))
        }

        for candidate in rest {
            if candidate.isSurplus {
                take(candidate, .revisions, &self)
            } else if candidate.isTooOld(by: rules, now: now) {
                take(candidate, .age, &self)
            }
        }
        rest = Self.ordered(rest.filter { !taken.contains($0.blob.id) }, rules: rules, now: now)

        // A mirror that is above its mark is emptied down to the lower one.
        var above = Set(
            rules.filter { name, rules in rules.maximumBytes.map { stored[name, default: 0] > $0 } ?? false }.keys)
        for candidate in rest where !above.isEmpty && candidate.mirrors.allSatisfy(above.contains) {
            take(candidate, .size, &self)
            for mirror in candidate.mirrors {
                guard let maximum = rules[mirror]?.maximumBytes else { continue }
                if stored[mirror, default: 0] <= RetentionRules.lowMark(of: maximum) { above.remove(mirror) }
            }
        }
        rest.removeAll { taken.contains($0.blob.id) }

        // So is the disk, by each mirror's own idea of how full it may be.
        var unmet = Set(rules.filter { $0.value.minimumFree.map { free < $0 } ?? false }.keys)
        for candidate in rest {
            unmet = unmet.filter { name in
                guard let minimum = rules[name]?.minimumFree else { return false }
                return free < RetentionRules.highFree(of: minimum, total: disk.total)
            }
            if unmet.isEmpty { break }
            if candidate.mirrors.allSatisfy(unmet.contains) { take(candidate, .space, &self) }
        }
        rest.removeAll { taken.contains($0.blob.id) }

        // What is wanted now may take the place of anything that may go.
        let target = disk.free.addingClamped(shortage)
        for candidate in rest where free < target { take(candidate, .room, &self) }
    }

    /// Whether more has to go than what is due: a mirror is above its mark, the disk is too full, or room is wanted.
    package static func wantsRoom(
        stored: [String: Int64], rules: [String: RetentionRules], free: Int64, shortage: Int64
    ) -> Bool {
        shortage > 0
            || rules.contains { name, rules in
                rules.maximumBytes.map { stored[name, default: 0] > $0 } ?? false
                    || rules.minimumFree.map { free < $0 } ?? false
            }
    }

    /// What goes first comes first.
    private static func ordered(_ candidates: [Candidate], rules: [String: RetentionRules], now: Int64) -> [Candidate] {
        let weighsSize = candidates.contains { candidate in
            candidate.mirrors.contains { rules[$0]?.order == .lruSize }
        }
        func weight(_ candidate: Candidate) -> Double {
            let age = Double(max(1, now - candidate.blob.usedAt))
            return weighsSize ? age * Double(max(1, candidate.blob.bytes)) : age
        }
        return candidates.map { (weight($0), $0) }.sorted { left, right in
            left.0 == right.0 ? left.1.blob.id.hex < right.1.blob.id.hex : left.0 > right.0
        }.map(\.1)
    }
}
