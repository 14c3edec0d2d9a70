import HubCore

/// The hub's own tombstones, as bundles carry them.
struct BuriedTombstones: BundleTombstones {
    let hub: Hub

    private static let page = 1_000

    func all() async throws -> [BundleStatement.Tombstone] {
        var found: [BundleStatement.Tombstone] = []
        var since: Int64 = 0
        while true {
            let page = try await hub.tombstones.list(since: since, limit: Self.page)
            for tombstone in page where !tombstone.isLifted {
                found.append(
                    BundleStatement.Tombstone(
                        type: tombstone.target.kind, subject: tombstone.target.text, ref: nil,
                        reason: tombstone.reason))
            }
            guard page.count == Self.page, let last = page.last else { break }
            since = last.sequence
        }
        return found.sorted { ($0.type, $0.subject) < ($1.type, $1.subject) }
    }

    func takes(_ tombstone: BundleStatement.Tombstone) -> Bool {
        TombstoneTarget(kind: tombstone.type, text: tombstone.subject) != nil
    }

    func bury(_ tombstone: BundleStatement.Tombstone, by bundle: String) async throws {
        guard let target = TombstoneTarget(kind: tombstone.type, text: tombstone.subject) else { return }
        let reason = "\(tombstone.reason ?? "no reason was given") (by bundle \(bundle.prefix(12)))"
        _ = try await hub.bury(target, reason: String(reason.prefix(Tombstone.maximumReason)))
    }
}
