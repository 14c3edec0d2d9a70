import HubCore

/// An upstream that tells what it buried.
protocol TombstonePeer: Upstream {
    /// What changed after a number, in that order.
    /// - Returns: the entries that can be read, and up to where the list was read; the same number when it ends there.
    func tombstones(since sequence: Int64) async throws -> (entries: [TombstoneStore.PeerEntry], upTo: Int64)
}

extension WeirUpstream: TombstonePeer {
    private static let largestPage = 5_000
    /// Where Hugging Face's API stands besides the root: our own stands at the root alone.
    private static let mounts = ["/hf", "/csg", "/ms"]

    func tombstones(since sequence: Int64) async throws -> (entries: [TombstoneStore.PeerEntry], upTo: Int64) {
        let url = Self.list(below: parts.addresses.base).appending(query: [("since", String(sequence))])
        let question = "its list of tombstones"
        let answer = try await parts.metadata.get(url)
        guard answer.status == 200 else { throw parts.failures.error(answer, asking: question) }
        guard case .array(let rows)? = answer.json?["tombstones"], rows.count <= Self.largestPage else {
            throw parts.failures.unreadable(answer, question: question, expected: "a list of tombstones")
        }
        var last = sequence
        var entries: [TombstoneStore.PeerEntry] = []
        for row in rows {
            guard let number = row["sequence"]?.whole, number > last else {
                throw parts.failures.corrupt(question, "numbers that do not grow")
            }
            last = number
            if let entry = Self.entry(row, number) { entries.append(entry) }
        }
        return (entries, last)
    }

    private static func list(below base: EgressURL) -> EgressURL {
        var path = base.path
        while path.hasSuffix("/") { path.removeLast() }
        for mount in mounts where path.hasSuffix(mount) { path.removeLast(mount.count) }
        let root = EgressURL(scheme: base.scheme, host: base.host, port: base.port, path: path, query: nil)
        return root.appending(segments: ["api", "gateway", "v1", "tombstones"])
    }

    /// Nil for what this release does not understand.
    private static func entry(_ row: JSONValue, _ sequence: Int64) -> TombstoneStore.PeerEntry? {
        guard let origin = row["origin"]?.string, (16...64).contains(origin.utf8.count),
            origin.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let kind = row["kind"]?.string, let text = row["target"]?.string, text.utf8.count <= 300,
            let target = TombstoneTarget(kind: kind, text: text)
        else { return nil }
        let reason = String((row["reason"]?.string ?? "").onOneLine.prefix(Tombstone.maximumReason))
        return TombstoneStore.PeerEntry(
            sequence: sequence, origin: origin, target: target,
            gitID: row["gitId"]?.string.flatMap { ObjectID($0) }, reason: reason,
            isLifted: row["liftedAt"]?.string != nil)
    }
}
